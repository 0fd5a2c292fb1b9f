"""Composition: settings, entry points, wiring of ports, the embedded default and the demo."""
