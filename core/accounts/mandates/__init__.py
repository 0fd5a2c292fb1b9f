"""Mandates between parties: asked and answered, proved to a clerk, changed, reviewed, ended."""

from __future__ import annotations

from core.outbox import handlers


def register() -> None:
    """Bind this room's effect, and declare its section and texts."""
    from core.accounts.mandates import asking, settings, telling  # noqa: F401, PLC0415 -- models are loaded only now

    handlers.register(asking.FIND, asking.find_asked)
