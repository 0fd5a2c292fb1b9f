"""Incidents: a lost phone, an act that was not hers, a suspicious request; blocking at once, and the way back."""
