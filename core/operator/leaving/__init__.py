"""The console's pages on caisses that leave or arrive: exports, imports, deletions and their certificates."""
