"""Several scanners as one: a file is clean when each of them says so."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from core.documents.ports import Verdict

if TYPE_CHECKING:
    from core.documents.ports import VirusScanner
    from core.kernel.text import Text


class LayeredScanner:
    """Implements ``VirusScanner``; the cheapest scanner should stand first."""

    def __init__(self, *layers: VirusScanner) -> None:
        self._layers = layers

    @property
    def finds_viruses(self) -> bool:
        """Whether one of the layers knows viruses."""
        return any(layer.finds_viruses for layer in self._layers)

    @property
    def notice(self) -> Text | None:
        """What the layers have to say, unless one of them makes up for it."""
        if self.finds_viruses:
            return None
        return next((layer.notice for layer in self._layers if layer.notice), None)

    def scan(self, content: IO[bytes], *, filename: str, media_type: str) -> Verdict:
        for layer in self._layers:
            content.seek(0)
            verdict = layer.scan(content, filename=filename, media_type=media_type)
            if not verdict.is_clean:
                return verdict
        return Verdict()
