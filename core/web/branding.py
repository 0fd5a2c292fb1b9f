"""A caisse's colours as a stylesheet; readable in light and in dark whatever the caisse chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.configuration.colours import READABLE, contrast, nearest_readable

if TYPE_CHECKING:
    from core.configuration.sections import BrandingSection

DARK_PAPER = "#1a2228"
GROUND = "#f6f7f8"
STEPS = 20
# Browsers round colours; what is computed must hold after that too.
MARGIN = 0.1


def stylesheet(branding: BrandingSection) -> str:
    """Return the custom properties; text in the caisse's colour is readable on each ground that it stands on.

    Buttons keep the colour itself; its text is darkened (in the dark: lightened) where the ground needs it.
    """
    accent = branding.accent
    soft, dark_soft = mix(accent, "#ffffff", 0.9), mix(accent, DARK_PAPER, 0.75)
    text = nearest_readable(nearest_readable(accent, soft, READABLE + MARGIN), GROUND, READABLE + MARGIN)
    dark, dark_text = readable_on(accent, DARK_PAPER), readable_on(accent, dark_soft)
    return (
        f":root{{--accent:{accent};--accent-dark:{dark};--accent-soft:{soft};--accent-text:{text}}}"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{dark};--accent-soft:{dark_soft};"
        f"--accent-text:{dark_text}}}}}\n"
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
