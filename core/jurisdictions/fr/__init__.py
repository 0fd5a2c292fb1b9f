"""France: the preset of a primary health insurance fund."""
