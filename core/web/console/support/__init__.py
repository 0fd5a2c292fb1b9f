"""Support access: the caisse lets an operator in, sees what she does, and ends it."""
