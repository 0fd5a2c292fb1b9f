"""The JSON schema of a declaration, and the frozen schema of each published version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.declare.declaration import kinds_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.declare.declaration import Declaration
    from core.declare.kinds import Kind

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema_of(model: type[Declaration], *, translate: Callable[[str], str] = str) -> dict[str, Any]:
    """Return the schema of the canonical JSON form; titles and descriptions go through ``translate``.

    Entries may be spelled more freely than this (spaces, apostrophes, ``12.3.2025``), and more is
    checked than a schema can say (check digits). A field that may be empty admits null.
    """
    kinds = kinds_of(model)
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(kind, translate) for name, kind in kinds.items()},
        "required": [name for name, kind in kinds.items() if kind.required],
    }


def _property(kind: Kind[Any], translate: Callable[[str], str]) -> dict[str, Any]:
    schema = dict(kind.json_schema())
    if not kind.required:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    described = {"title": translate(kind.label)}
    if kind.help:
        described["description"] = translate(kind.help)
    if kind.examples:
        described["examples"] = [kind.to_json(kind.clean(one)) for one in kind.examples]  # type: ignore[assignment]
    return {**described, **schema}


def frozen_schema(key: str, version: int, declaration: type[Declaration], rows: type[Declaration] | None) -> str:
    """Return the text of the theme's ``schemas/<key>-v<version>.json``: what a published version promises.

    Titles and help are left out, so that wording may be mended without a new version.
    """
    parts: dict[str, Any] = {"payload": _promise(declaration)}
    if rows is not None:
        parts["rows"] = {"type": "array", "items": _promise(rows)}
    whole = {
        "$schema": DIALECT,
        "$id": f"{key}-v{version}",
        "type": "object",
        "properties": parts,
        "required": list(parts),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _promise(model: type[Declaration]) -> dict[str, Any]:
    schema = json_schema_of(model)
    for name, kind in kinds_of(model).items():
        entry = schema["properties"][name]
        for wording in ("title", "description", "examples"):
            entry.pop(wording, None)
        entry |= {"x-kind": kind.name, "x-filled-by": kind.filled_by, "x-readable-by": sorted(kind.readable_by)}
    return schema


def schema_file(folder: Path, key: str, version: int) -> Path:
    """Return where the frozen schema of a version lies."""
    return folder / f"{key}-v{version}.json"
