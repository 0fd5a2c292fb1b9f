"""The 26 cantons and their names in four languages."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("cantons.toml")


@cache
def cantons() -> dict[str, dict[str, str]]:
    """Return the names by code and language: ``cantons()["GE"]["de"]`` is ``Genf``."""
    names: dict[str, dict[str, str]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["names"]
    return names


def canton_name(code: str, language: str) -> str:
    """Return a canton's name; English where the language is another one, the code where it is unknown."""
    names = cantons().get(code, {})
    return names.get(language[:2], names.get("en", code))
