"""Support access from the operator's side: asking a caisse for it, going in once it is granted."""
