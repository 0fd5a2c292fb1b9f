"""What a check says: a refusal code of ``core.documents.refusals`` and a detail for the log."""

from __future__ import annotations

Finding = tuple[str, str]
CLEAN: Finding = ("", "")


class Refused(Exception):
    """The file is not to be opened by anybody."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.finding: Finding = (code, detail)
