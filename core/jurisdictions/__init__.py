"""What is particular to a country: identifier kinds, dated figures, presets; mostly data."""
