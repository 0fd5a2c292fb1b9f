"""Support access: an operator looks into a caisse that let her in, for a purpose and a time, and changes nothing."""
