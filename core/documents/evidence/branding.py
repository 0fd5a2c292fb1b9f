"""What of a caisse's branding appears on paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    receipt_texts: Mapping[str, str] = field(default_factory=dict)

    def receipt_text(self, language: str) -> str:
        """Return the caisse's own words at the end of a receipt."""
        return self.receipt_texts.get(language, "")

    def to_data(self) -> dict[str, Any]:
        """Return what the templates read."""
        return {
            "name": self.name,
            "colour": self.colour,
            "logo": self.logo_svg or None,
            "lines": list(self.lines),
        }
