"""Skips a step whose inputs are the same as when it last ended well."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import themes
from infra.supervisor.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

_IGNORED = {"node_modules", "dist", "__pycache__", ".venv"}


def digest(*patterns: str, extra: Iterable[str] = ()) -> str:
    """Return a hash over names and contents of the files that match, and over ``extra``."""
    total = hashlib.sha256("\0".join(extra).encode())
    for path in sorted({path for pattern in patterns for path in _files(pattern)}):
        total.update(f"\0{os.path.relpath(path, ROOT)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _files(pattern: str) -> Iterable[Path]:
    top, _, rest = pattern.partition("/")
    # A pattern that starts with ** would walk through the venv.
    found = _everywhere(rest) if top == "**" else _below(top, rest) if rest else ROOT.glob(pattern)
    return (path for path in found if path.is_file() and not _IGNORED & set(path.parts))


def _everywhere(rest: str) -> Iterable[Path]:
    for tree in ("core", "tenants", "themes", "integrations", "infra"):
        yield from _below(tree, f"**/{rest}")


def _below(tree: str, pattern: str) -> Iterable[Path]:
    # Themes may lie outside the clone as well.
    places = [Path(place) for place in themes.__path__] if tree == "themes" else [ROOT / tree]
    for place in places:
        yield from place.glob(pattern)


class Stamp:
    """One remembered digest, as a file."""

    def __init__(self, file: Path, value: str) -> None:
        self._file = file
        self._value = value

    def is_current(self) -> bool:
        """Whether the step last ended well with these inputs."""
        return self._file.exists() and self._file.read_text(encoding="utf-8") == self._value

    def set(self) -> None:
        """Remember that the step ended well."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(self._value, encoding="utf-8")
