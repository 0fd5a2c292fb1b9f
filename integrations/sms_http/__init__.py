"""SMS through a gateway that takes HTTP POST with JSON."""
