"""Port contracts and the full circle on production components from Debian, started by the tests."""
