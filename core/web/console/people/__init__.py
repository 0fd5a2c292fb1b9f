"""People and roles: who works for the caisse, as what, and how that changes."""
