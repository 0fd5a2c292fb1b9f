"""``manage.py caisse``."""
