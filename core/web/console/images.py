"""A logo or icon in a form: chosen as a file, kept as the text that its section holds, shown as what it is."""

from __future__ import annotations

import base64
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Mapping[str, str] = {"svg": "image/svg+xml", "png": "image/png"}
# More than any section takes, so that it is the section that says what is too large; no more of a file is read.
MOST_BYTES = 160 * 1024
_NO_TEXT = "?"


def read_image(kind: str, file: IO[bytes]) -> str:
    """Return a file as its section holds it: a drawing as text, a picture in base64. Whether it is one, it judges."""
    content = file.read(MOST_BYTES)
    if kind == "png":
        return base64.b64encode(content).decode()
    try:
        return content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return _NO_TEXT


def show_image(kind: str, text: str) -> str:
    """Return the address of an image within the page itself; as an image it can neither run nor load anything."""
    encoded = "".join(text.split()) if kind == "png" else base64.b64encode(text.encode()).decode()
    return f"data:{KINDS[kind]};base64,{encoded}"
