"""Front-end sources and their build; nothing of others is committed, it comes from the npm registry."""
