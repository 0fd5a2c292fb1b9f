"""The folder of finished letters: one PDF, once, with the address in the window and the enclosures behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
from pypdf import PdfReader

from core.kernel import clock
from core.notices.ports import Enclosure, Letter
from core.notices.windows import LONG, SWISS
from core.outbox.handlers import PermanentFailure
from integrations.printfolder.printer import REMEMBERED_DAYS, FolderPrinter

MILLIMETRE = 72 / 25.4
SHEET = 297


def letter(**changes):
    one = Letter(
        id=uuid4(),
        caisse="ak26",
        sender_name="Caisse du Lac",
        address=("Fabrique d’Exemple SA", "Quai 5", "3280 Morat"),
        subject="Une décision",
        text="Bonjour\n\nVoici votre décision.\nElle est jointe.\n\nCaisse du Lac",
        language="fr",
        window=SWISS["left"],
        day=date(2026, 3, 2),
        sender_lines=("Rue du Lac 1", "3280 Morat"),
    )
    return replace(one, **changes)


def enclosure(pages=1):
    made = BytesIO()
    with pikepdf.new() as pdf:
        for _page in range(pages):
            pdf.add_blank_page()
        pdf.save(made)
    return Enclosure("decision.pdf", "application/pdf", made.getvalue())


def places(page):
    """Return where each piece of text begins, in millimetres from the left and the upper edge."""
    found = {}

    def visit(text, outer, inner, *_font):
        if text.strip():
            x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
            y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
            found[text.strip()] = (x / MILLIMETRE, SHEET - y / MILLIMETRE)

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("window", [SWISS["left"], SWISS["right"], LONG["left"], LONG["right"]])
def test_address_stands_in_the_window(tmp_path, window):
    one = letter(window=window)
    FolderPrinter(tmp_path).print_letter(one)
    found = places(PdfReader(tmp_path / "ak26" / f"{one.id}.pdf").pages[0])
    across, down = zip(*(found[line] for line in one.address), strict=True)
    assert window.x - 0.1 <= min(across) <= max(across) <= window.x + window.width
    assert window.y <= min(down) <= max(down) <= window.y + window.height


def test_letter_says_who_writes_when_and_what(tmp_path):
    one = letter()
    FolderPrinter(tmp_path).print_letter(one)
    text = PdfReader(tmp_path / "ak26" / f"{one.id}.pdf").pages[0].extract_text()
    for part in ("Caisse du Lac", "Rue du Lac 1, 3280 Morat", "2 mars 2026", "Une décision", "Elle est jointe."):
        assert part in text


def test_markup_in_a_text_stays_text(tmp_path):
    one = letter(text='#read("/etc/passwd") *bold* $x$', address=("#panic()", "1700 Fribourg"))
    FolderPrinter(tmp_path).print_letter(one)
    text = PdfReader(tmp_path / "ak26" / f"{one.id}.pdf").pages[0].extract_text()
    assert '#read("/etc/passwd") *bold* $x$' in text
    assert "#panic()" in text


def test_enclosures_begin_on_a_sheet_of_their_own(tmp_path):
    one = letter(enclosures=(enclosure(pages=3), enclosure()))
    FolderPrinter(tmp_path).print_letter(one)
    assert len(PdfReader(tmp_path / "ak26" / f"{one.id}.pdf").pages) == (1 + 1) + (3 + 1) + 1


def test_enclosure_that_cannot_be_printed_is_a_final_failure(tmp_path):
    one = letter(enclosures=(Enclosure("table.csv", "text/csv", b"a;b"),))
    with pytest.raises(PermanentFailure):
        FolderPrinter(tmp_path).print_letter(one)
    assert not (tmp_path / "ak26" / f"{one.id}.pdf").exists()


def test_letter_that_the_service_took_does_not_come_again(tmp_path):
    printer, one = FolderPrinter(tmp_path), letter()
    printer.print_letter(one)
    (tmp_path / "ak26" / f"{one.id}.pdf").unlink()
    printer.print_letter(one)
    assert list((tmp_path / "ak26").iterdir()) == []


@pytest.mark.parametrize("done", ["nothing", "written", "noted"])
def test_broken_off_anywhere_it_arrives_once(tmp_path, done):
    printer, one = FolderPrinter(tmp_path), letter()
    if done != "nothing":
        printer.print_letter(one)
        finished = tmp_path / "ak26" / f"{one.id}.pdf"
        finished.replace(tmp_path / ".work" / finished.name)
        if done == "written":
            (tmp_path / ".handed" / str(one.id)).unlink()
    printer.print_letter(one)
    assert [path.name for path in (tmp_path / "ak26").iterdir()] == [f"{one.id}.pdf"]
    assert list((tmp_path / ".work").iterdir()) == []


def test_notes_are_forgotten_in_time(tmp_path):
    printer, old = FolderPrinter(tmp_path), letter()
    printer.print_letter(old)
    with clock.travel(clock.now() + timedelta(days=REMEMBERED_DAYS + 1)):
        printer.print_letter(letter())
    assert not (tmp_path / ".handed" / str(old.id)).exists()


def test_folder_that_is_not_there_is_said_and_not_made(tmp_path):
    printer = FolderPrinter(tmp_path / "not-mounted")
    with pytest.raises(FileNotFoundError):
        printer.probe()
    with pytest.raises(FileNotFoundError):
        printer.print_letter(letter())


def test_probe_leaves_nothing(tmp_path):
    assert FolderPrinter(tmp_path).probe()
    assert list((tmp_path / ".work").iterdir()) == []
