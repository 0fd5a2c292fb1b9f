"""Migrations of the schema ``platform``."""
