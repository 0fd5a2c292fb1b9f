"""Puts each letter as one PDF, address in the window and enclosures behind it, where the printing service takes it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import typst
from babel.dates import format_date

from core.kernel import clock
from core.outbox.handlers import PermanentFailure

if TYPE_CHECKING:
    from core.notices.ports import Enclosure, Letter

TEMPLATE = Path(__file__).parent / "templates" / "letter.typ"
PDF = "application/pdf"
A4 = (595, 842)  # points
# How long it is remembered that a letter was handed over; the outbox gives up much sooner.
REMEMBERED_DAYS = 60
_WORK, _HANDED = ".work", ".handed"


class FolderPrinter:
    """Implements ``LetterPrinter``: ``<folder>/<caisse>/<id>.pdf``, which the service deletes or moves when it has it.

    Each letter gets there once, though the service may have taken it before a try is repeated: what is finished is
    noted first and then moved into place, so that a note without a finished file means that it was moved.
    Files beginning with a point are ours.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def print_letter(self, letter: Letter) -> None:
        """Hand a letter over; raises ``OSError`` where the folder cannot be written, to be tried again."""
        place, work = self._make(letter.caisse), self._make(_WORK) / f"{letter.id}.pdf"
        note = self._make(_HANDED) / str(letter.id)
        if not note.exists():
            _write(work, _bind(letter))
            note.touch()
            self._forget_old()
        with suppress(FileNotFoundError):  # it was moved, and only the answer was lost
            work.replace(place / work.name)

    def probe(self) -> bool:
        """Write to the folder and clean up."""
        trial = self._make(_WORK) / f"probe-{os.getpid()}"
        trial.touch()
        trial.unlink()
        return True

    def _make(self, name: str) -> Path:
        # The folder itself is the operator's: where it is missing, a disk may not be mounted.
        if not self._folder.is_dir():
            raise FileNotFoundError(self._folder)
        inner = self._folder / name
        inner.mkdir(exist_ok=True, mode=0o770)
        return inner

    def _forget_old(self) -> None:
        last = clock.now().timestamp() - REMEMBERED_DAYS * 24 * 3600
        for note in (self._folder / _HANDED).iterdir():
            with suppress(FileNotFoundError):
                if note.stat().st_mtime < last:
                    note.unlink()


def _write(path: Path, content: bytes) -> None:
    """Write a file that is whole as soon as it has its name, also after a loss of power."""
    scratch = path.with_suffix(".part")
    with scratch.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def _bind(letter: Letter) -> bytes:
    """Return the letter and what it encloses as one PDF, each enclosure on a sheet of its own when printed duplex."""
    made = BytesIO()
    with pikepdf.open(BytesIO(_set(letter))) as whole:
        for enclosure in letter.enclosures:
            _append(whole, enclosure)
        whole.save(made, deterministic_id=True)
    return made.getvalue()


def _append(whole: pikepdf.Pdf, enclosure: Enclosure) -> None:
    if enclosure.media_type != PDF:
        message = "an enclosure is no PDF and cannot be printed"
        raise PermanentFailure(message)
    if len(whole.pages) % 2:
        whole.add_blank_page(page_size=A4)
    with pikepdf.open(BytesIO(enclosure.content)) as pages:
        whole.pages.extend(pages.pages)


def _set(letter: Letter) -> bytes:
    data = {
        "sender": letter.sender_name,
        "sender_lines": letter.sender_lines,
        "address": letter.address,
        "window": asdict(letter.window),
        "day": format_date(letter.day, "long", locale=letter.language),
        "subject": letter.subject,
        "paragraphs": [one for one in letter.text.split("\n\n") if one.strip()],
        "language": letter.language,
    }
    compiler = typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), ignore_system_fonts=True)
    made = compiler.compile(sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    if not isinstance(made, bytes):
        message = "typst gave no page"
        raise PermanentFailure(message)
    return made
