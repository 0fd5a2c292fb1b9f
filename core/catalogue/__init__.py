"""Themes and message types: the registry, filtered by caisse in one place."""
