"""Plain Python that every room may use: clock, identifiers, texts, errors, actors, periods."""
