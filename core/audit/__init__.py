"""Who did what for whom: one append-only row for each act, in the caisse's own schema."""
