"""Dated figures with their source: rates, ceilings, ages, deadlines."""
