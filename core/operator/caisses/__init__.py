"""The operators' pages on caisses: the list, one caisse in parts, usage, limits, closing, notices for all."""
