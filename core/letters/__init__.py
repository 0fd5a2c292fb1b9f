"""Campaigns of activation letters: who gets one, the file for the printer, and what became of each letter."""
