"""A caisse as one sealed file, its way into another platform, and its end."""
