"""Contrast of two colours, as WCAG 2.2 defines it."""

from __future__ import annotations

import re

_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
READABLE = 4.5
_LINEAR_BELOW = 0.04045


def is_colour(text: str) -> bool:
    """Whether the text is a colour such as ``#0b5d66``."""
    return _HEX.match(text) is not None


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, from 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def nearest_readable(colour: str, ground: str = "#ffffff", needed: float = READABLE) -> str:
    """Return the colour, mixed with black just as far as a light ground needs it; its hue stays."""
    for percent in range(101):
        mixed = "#" + "".join(f"{int(colour[at : at + 2], 16) * (100 - percent) // 100:02x}" for at in (1, 3, 5))
        if contrast(mixed, ground) >= needed:
            return mixed
    return "#000000"


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4
