"""Markers for texts that people read, in modules that must not know Django.

A marked text is its English message identifier. The page layer translates it by gettext;
extraction finds it by the name ``N_``.
"""

from __future__ import annotations


class Text(str):
    """An English message identifier with named placeholders such as ``%(name)s``."""

    __slots__ = ()


def N_(message: str) -> Text:  # noqa: N802 -- gettext's customary name for "mark, translate later"
    """Mark ``message`` for translation and return it unchanged."""
    return Text(message)
