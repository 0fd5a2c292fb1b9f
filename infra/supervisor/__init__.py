"""``make run``: installs, builds, prepares and keeps the whole platform running on one machine."""
