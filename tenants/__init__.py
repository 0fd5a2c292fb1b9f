"""Caisses: their hosts, their isolation in PostgreSQL, how they are made and migrated."""
