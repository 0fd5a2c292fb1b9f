"""``manage.py platform`` and what stands in the way of a plain ``migrate``."""
