"""The users of a company: who may enter for it, in what, how that changes and how it ends."""
