"""A letter as the printer gets it: the address within what the envelope's window shows, read off the PDF."""

from __future__ import annotations

import io
from dataclasses import asdict
from datetime import timedelta

import pytest
from pypdf import PdfReader

from core.kernel import clock
from core.letters import sheets
from core.letters.texts import FOR_PERSONS
from core.notices import windows
from tenants.scope import tenant_transaction

MILLIMETRE = 72 / 25.4
SHORT = ("Paula Rente", "Rue du Lac 3", "1700 Fribourg")
LONG = (
    "Menuiserie et charpenterie du Lac de Morat et environs SA en liquidation",
    "c/o Fiduciaire de l’Exemple et du Marché",
    "Chemin de la Petite-Fontaine-aux-Chênes 103",
    "1700 Fribourg",
    "Liechtenstein",
)


def describe(caisse, address, size="normal"):
    sheet = sheets.Sheet(
        address=address,
        name=address[0],
        reference="7K2M9QX4T",
        code="ABCD EFGH JKMN",
        language="fr",
        notice=FOR_PERSONS,
        until=clock.now() + timedelta(days=30),
    )
    with tenant_transaction(caisse):
        return sheets.describe(caisse, [sheet], size)


def list_pieces(pdf):
    """Return every piece of text on the first page with where it begins, in millimetres from the upper left."""
    found = []

    def visit(text, cm, tm, _font, size):
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((text.strip(), round(x / MILLIMETRE, 3), round(297 - y / MILLIMETRE, 3), size))

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("address", [SHORT, LONG])
@pytest.mark.parametrize("size", ["normal", "large"])
@pytest.mark.parametrize(("country", "side"), [("ch", "right"), ("ch", "left"), ("fr", "right"), ("fr", "left")])
def test_address_shows_in_the_window_and_nothing_else_does(office, country, side, size, address):
    area = windows.find_window(country, side)
    data = describe(office.caisse, address, size) | {"window": asdict(area)}
    pieces = list_pieces(sheets.render_many(data))
    shown = [one for one in pieces if area.y - 3 < one[2] < area.y + area.height + 3 and one[1] > area.x - 5]
    words = " ".join(text for text, *_ in shown)
    assert words.endswith(" ".join(address))
    assert "7K2M9QX4T" in words
    for text, x, y, print_size in shown:
        assert area.x <= x, text
        assert area.y + print_size / MILLIMETRE / 2 <= y <= area.y + area.height, text
    others = " ".join(text for text, *_ in pieces if text not in words)
    assert "ABCD EFGH JKMN" in others


def test_nothing_in_large_print_is_small_below_the_window(office):
    area = windows.find_window("ch", "right")
    pieces = list_pieces(sheets.render_many(describe(office.caisse, SHORT, "large")))
    assert min(size for _, _, y, size in pieces if y > area.y + area.height) >= 10.5
    assert max(size for *_, size in pieces) >= 24


def test_slip_of_the_counter_and_the_printers_file_look_alike(office):
    data = describe(office.caisse, SHORT)
    assert list_pieces(sheets.render_pdf(data)) == list_pieces(sheets.render_many(data))


def test_press_that_fails_says_so(office):
    data = describe(office.caisse, SHORT)
    with pytest.raises(sheets.SheetsNotMade):
        sheets.render_many(data | {"letters": []})
