"""Addresses of the generic pages, one small table each."""
