"""What of a caisse's branding appears on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PaperBranding:
    """Name, colour (``#rrggbb``), logo as SVG text, address lines, and the address of the portal.

    ``portal_url`` has no slash at its end; ``/check/<code>/`` is put behind it.
    """

    name: str
    portal_url: str
    colour: str = "#1f4e79"
    logo_svg: str = ""
    lines: tuple[str, ...] = ()
    time_zone: str = "UTC"

    def to_data(self) -> dict[str, Any]:
        """Return what the templates read."""
        return {
            "name": self.name,
            "colour": self.colour,
            "logo": self.logo_svg or None,
            "lines": list(self.lines),
        }
