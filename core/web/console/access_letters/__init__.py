"""Activation letters in the console: campaigns, their file for the printer, what became of each letter."""
