"""A caisse's addresses in the console: added, made the main one, removed, looked at from outside."""
