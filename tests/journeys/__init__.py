"""Walks through the platform in a real browser."""
