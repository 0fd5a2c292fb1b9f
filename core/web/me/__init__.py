"""Pages about a person herself: her ways in, her sessions, her data."""
