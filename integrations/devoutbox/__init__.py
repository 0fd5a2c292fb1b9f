"""A folder in place of mail, SMS and post: what would have left, readable at ``/dev/outbox/``."""
