"""The generic pages of a caisse: portal, desk, sign-in, public checks, errors."""
