"""The folder: one JSON file for each text, named by the outbox entry, so that a repeat is the same."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from core.kernel import clock

if TYPE_CHECKING:
    from core.notices.ports import Letter, Mail, Sms

Kind = Literal["mail", "sms", "letter"]
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """One text as the page shows it."""

    id: str
    kind: Kind
    at: datetime
    caisse: str
    to: str
    text: str
    subject: str = ""
    sender_name: str = ""
    language: str = ""
    enclosures: tuple[str, ...] = ()


class DevOutbox:
    """Keeps e-mails, SMS and letters in a folder; implements all three ports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send_mail(self, mail: Mail) -> None:
        """Keep an e-mail."""
        self._keep("mail", asdict(mail))

    def send_sms(self, sms: Sms) -> None:
        """Keep an SMS."""
        self._keep("sms", asdict(sms))

    def print_letter(self, letter: Letter) -> None:
        """Keep a letter; the lines of its address become one text, what it encloses files beside it."""
        names = []
        for number, enclosed in enumerate(letter.enclosures, start=1):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            names.append(f"{letter.id}-{number}{Path(enclosed.filename).suffix or '.bin'}")
            (self.folder / names[-1]).write_bytes(enclosed.content)
        unseen = {"address": None, "window": None, "day": None, "sender_lines": None}
        values = {**asdict(letter), **unseen, "to": "\n".join(letter.address), "enclosures": names}
        self._keep("letter", values)

    def probe(self) -> bool:
        """Nothing leaves this machine."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return False

    def list_kept(self, *, caisse: str = "", kind: str = "", limit: int = SHOWN) -> list[Kept]:
        """Return what was kept, newest first; a file that is not ours is passed over."""
        kept = [item for path in self.folder.glob("*.json") if (item := _read(path)) is not None]
        chosen = [item for item in kept if caisse in {"", item.caisse} and kind in {"", item.kind}]
        return sorted(chosen, key=lambda item: (item.at, item.id), reverse=True)[:limit]

    def _keep(self, kind: Kind, values: dict[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{values['id']}.json"
        if path.exists():
            return
        stated = {name: value for name, value in values.items() if value is not None}
        content = {**stated, "id": str(values["id"]), "kind": kind, "at": clock.now().isoformat()}
        # Written beside and moved into place: a reader never meets half a file.
        scratch = self.folder / f".{uuid4().hex}"
        scratch.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        scratch.replace(path)


def _read(path: Path) -> Kept | None:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return Kept(**{**values, "at": datetime.fromisoformat(values["at"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
