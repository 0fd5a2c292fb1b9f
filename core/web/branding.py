"""A caisse's colours as a stylesheet; readable in light and in dark whatever the caisse chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.configuration.colours import READABLE, contrast

if TYPE_CHECKING:
    from core.configuration.sections import BrandingSection

DARK_PAPER = "#1a2228"
STEPS = 20


def stylesheet(branding: BrandingSection) -> str:
    """Return the custom properties; the dark variant is lightened until it is readable on dark paper."""
    accent = branding.accent
    return (
        f":root{{--accent:{accent};--accent-dark:{readable_on(accent, DARK_PAPER)};"
        f"--accent-soft:{mix(accent, '#ffffff', 0.9)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{readable_on(accent, DARK_PAPER)};"
        f"--accent-soft:{mix(accent, DARK_PAPER, 0.75)}}}}}\n"
    )


def readable_on(colour: str, ground: str) -> str:
    """Return the colour, mixed with white just as far as it needs to be readable on the ground."""
    for step in range(STEPS + 1):
        mixed = mix(colour, "#ffffff", step / STEPS)
        if contrast(mixed, ground) >= READABLE + 1:
            return mixed
    return "#ffffff"


def mix(one: str, other: str, share: float) -> str:
    """Return ``one`` with a share (0 to 1) of ``other``."""
    channels = (
        round(int(one[at : at + 2], 16) * (1 - share) + int(other[at : at + 2], 16) * share) for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in channels)
