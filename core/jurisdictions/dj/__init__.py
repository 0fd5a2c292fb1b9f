"""Djibouti: the preset of the national social security fund."""
