"""Presets: configuration files that jurisdictions bring, by name, and what each is for in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.configuration.errors import PresetUnknown
from core.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Words:
    """What a preset is called, and what a caisse that begins with it has; marked texts."""

    title: Text
    about: Text


_presets: dict[str, Path] = {}
_words: dict[str, Words] = {}


def register(name: str, path: Path, words: Words | None = None) -> None:
    """Add a preset file."""
    _presets[name] = path
    _words[name] = words or Words(Text(name), Text(""))


def register_folder(folder: Path, words: Mapping[str, Words]) -> None:
    """Add every file of a folder under its own name, with its words."""
    for path in sorted(folder.glob("*.toml")):
        register(path.stem, path, words.get(path.stem))


def read_preset(name: str) -> str:
    """Return a preset's text; raises ``preset_unknown``."""
    if name not in _presets:
        raise PresetUnknown(name=name, known=", ".join(sorted(_presets)))
    return _presets[name].read_text(encoding="utf-8")


def list_presets() -> list[str]:
    """Return the names of all presets."""
    return sorted(_presets)


def describe_presets() -> dict[str, Words]:
    """Return the words of every preset, by name."""
    return {name: _words[name] for name in list_presets()}
