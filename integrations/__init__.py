"""Adapters, one folder per outside system; each implements a port that core states."""
