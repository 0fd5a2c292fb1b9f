"""Employees: entries, exits, changes of personal data, duplicates of the insurance certificate."""
