"""Addresses: one table for a caisse's hosts, one for the platform's own host, one for the root of a shared host."""
