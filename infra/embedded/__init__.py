"""The embedded default: PostgreSQL from a wheel and its queues, driven without Django."""
