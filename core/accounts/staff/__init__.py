"""The caisse's own people: who they are, what they may do, and how that changes."""
