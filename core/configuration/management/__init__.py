"""Commands for caisses."""
