"""Business domains, one folder each; a theme imports no other theme.

A theme is any folder with a ``theme.py``, here or in a folder that ``RELAIS_THEME_PATHS`` names (several
are separated as in ``PATH``). This module is read by the parsing child too, so it is plain Python.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

VARIABLE = "RELAIS_THEME_PATHS"


def read_places(text: str) -> list[str]:
    """Return the folders that a value of ``RELAIS_THEME_PATHS`` names; one that is not there stops the start."""
    places = [Path(part.strip()) for part in text.split(os.pathsep) if part.strip()]
    for place in places:
        # The parsing child runs elsewhere, so a relative path would mean another folder there.
        if not (place.is_absolute() and place.is_dir()):
            message = f"{VARIABLE} names {place}, which is not the absolute path of a folder."
            raise RuntimeError(message)
    return [str(place) for place in places]


def list_folders(places: Iterable[str]) -> list[Path]:
    """Return the folders of all themes in order of their names; a name may be used once."""
    found: dict[str, Path] = {}
    for file in (file for place in places for file in Path(place).glob("*/theme.py")):
        if file.parent.name in found:
            message = f"The theme {file.parent.name!r} lies in {found[file.parent.name]} and in {file.parent}."
            raise RuntimeError(message)
        found[file.parent.name] = file.parent
    return [found[name] for name in sorted(found)]


def list_apps() -> list[str]:
    """Return the dotted names of all themes, for the settings."""
    return [f"{__name__}.{folder.name}" for folder in list_folders(__path__)]


__path__.extend(read_places(os.environ.get(VARIABLE, "")))
