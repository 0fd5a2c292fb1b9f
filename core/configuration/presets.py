"""Presets: configuration files that jurisdictions bring, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.configuration.errors import PresetUnknown

if TYPE_CHECKING:
    from pathlib import Path

_presets: dict[str, Path] = {}


def register(name: str, path: Path) -> None:
    """Add a preset file."""
    _presets[name] = path


def register_folder(folder: Path) -> None:
    """Add every file of a folder under its own name."""
    for path in sorted(folder.glob("*.toml")):
        register(path.stem, path)


def read_preset(name: str) -> str:
    """Return a preset's text; raises ``preset_unknown``."""
    if name not in _presets:
        raise PresetUnknown(name=name, known=", ".join(sorted(_presets)))
    return _presets[name].read_text(encoding="utf-8")


def list_presets() -> list[str]:
    """Return the names of all presets."""
    return sorted(_presets)
