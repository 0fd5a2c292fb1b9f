"""Addresses: one table for a caisse's hosts, one for the platform's own host."""
