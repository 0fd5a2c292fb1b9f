"""Looking from outside whether an address leads to its caisse: by name, connection, certificate and proof."""
