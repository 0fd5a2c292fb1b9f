"""The users of a company, as its administrators see and change them."""
