"""What a caisse configures: typed sections, stored with their history, read from memory."""
