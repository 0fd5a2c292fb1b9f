"""Effects that must follow a commit: rows in the caisse's schema, claimed, done outside, marked."""
