"""REST of a caisse under /api/v1/: the same services as the pages, answered as JSON."""
