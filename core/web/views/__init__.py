"""Views of the generic pages; each has a policy and stays thin."""
