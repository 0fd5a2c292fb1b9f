"""Where an address must stand on a sheet so that it shows in the window of the envelope, however the sheet slips.

A folded sheet is smaller than its envelope. What is seen in every position lies in the window whether the sheet is
pushed to the one side or to the other; how large that is follows from the measures of envelope, window and fold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Side = Literal["right", "left"]
SHEET_WIDTH = 210
# Kept free around the address, which readers of addresses ask for.
CLEAR = 2


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle, in millimetres from the left and the upper edge."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope with its window, both seen from the front, and how high the folded sheet in it is."""

    width: float
    height: float
    window: Area
    folded: float

    def find_visible(self) -> Area:
        """Return what of the sheet always shows, less a clear edge."""
        window, aside, down = self.window, self.width - SHEET_WIDTH, self.height - self.folded
        return Area(
            x=window.x + CLEAR,
            y=window.y + CLEAR,
            width=window.width - aside - 2 * CLEAR,
            height=window.height - down - 2 * CLEAR,
        )


# C5/6 (229 x 114 mm) with the sheet folded at 105 mm, as offices in Switzerland use it. Windows: on the right by
# SN 010130, 90 x 40 mm, 30 mm from below and 17 mm from the right; on the left 100 x 45 mm, 21 and 109 mm.
# Source: an envelope maker's table, "Normes pour enveloppes à fenêtre", studylibfr.com/doc/2273411.
SWISS: Mapping[Side, Area] = {
    "right": Envelope(229, 114, Area(122, 44, 90, 40), 105).find_visible(),
    "left": Envelope(229, 114, Area(20, 48, 100, 45), 105).find_visible(),
}
# DL (220 x 110 mm) with the sheet folded at 99 mm. On the right the frame of 85 x 33 mm in which senders in France are
# told to write, 110 mm from the left and 55 mm from above (edics.fr/rediger-vos-adresses-les-bonnes-pratiques); on the
# left the window of DIN 680, 90 x 45 mm, 20 mm from the left and 15 mm from below.
LONG: Mapping[Side, Area] = {
    "right": Area(110, 55, 85, 33),
    "left": Envelope(220, 110, Area(20, 50, 90, 45), 99).find_visible(),
}
_windows: dict[str, Mapping[Side, Area]] = {}


def register_windows(jurisdiction: str, windows: Mapping[Side, Area]) -> None:
    """Say what a country's envelopes show; where none says so, the Swiss ones are taken. Repeating it is harmless."""
    _windows[jurisdiction] = windows


def find_window(jurisdiction: str, side: Side) -> Area:
    """Return where the address stands."""
    return _windows.get(jurisdiction, SWISS)[side]
