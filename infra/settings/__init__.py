"""Settings: base holds everything, embedded is the default, production demands what that defaults."""
