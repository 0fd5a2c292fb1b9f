"""Joining PDFs: every page with what it shows, nothing of the rest, and no more memory for more pieces."""

from __future__ import annotations

import io
import tracemalloc

import pikepdf
import pytest
from pypdf import PdfReader

from core.letters.joining import Joiner


def make_piece(*texts, inherited=False):
    """Return a PDF with a page for each text; they share a font, which has a stream."""
    with pikepdf.new() as pdf:
        program = pdf.make_stream(b"not a font " * 50)
        font = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica, Extra=program
            )
        )
        resources = pdf.make_indirect(pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)))
        for text in texts:
            page = pdf.add_blank_page(page_size=(595.5, 842))
            page.obj["/Contents"] = pdf.make_stream(b"BT /F1 12 Tf 50 50 Td (%b) Tj ET" % text.encode())
            page.obj["/Annots"] = pikepdf.Array()
            page.obj["/Remark"] = pikepdf.Array([True, None, pikepdf.String("12 0 R) \\ é"), pikepdf.Name("/a b#c")])
            page.obj["/Resources"] = resources
            if inherited:
                del page.obj["/Resources"]
        if inherited:
            pdf.Root.Pages["/Resources"] = resources
        file = io.BytesIO()
        pdf.save(file)
    file.seek(0)
    return file


def join(*pieces):
    whole = io.BytesIO()
    joiner = Joiner(whole)
    for piece in pieces:
        joiner.add(piece)
    joiner.finish()
    whole.seek(0)
    return whole


@pytest.mark.parametrize("inherited", [False, True])
def test_pages_come_in_order_and_can_be_read(inherited):
    whole = join(make_piece("one", "two", inherited=inherited), make_piece("three", inherited=inherited))
    assert [page.extract_text() for page in PdfReader(whole).pages] == ["one", "two", "three"]
    with pikepdf.open(whole) as pdf:
        assert pdf.check_pdf_syntax() == []
        first, third = pdf.pages[0], pdf.pages[2]
        assert list(first.obj["/Remark"]) == list(third.obj["/Remark"])
        assert str(first.obj["/Remark"][2]) == "12 0 R) \\ é"
        assert first.obj["/Remark"][3] == pikepdf.Name("/a b#c")
        assert [float(one) for one in first.mediabox] == [0, 0, 595.5, 842]
        assert "/Annots" not in first.obj


def test_what_pages_share_goes_over_once():
    with pikepdf.open(join(make_piece(*"abcdefgh"))) as pdf:
        fonts = {page.obj["/Resources"]["/Font"]["/F1"].objgen for page in pdf.pages}
        assert len(fonts) == 1
        assert pdf.pages[0].obj["/Resources"]["/Font"]["/F1"]["/Extra"].read_bytes() == b"not a font " * 50


class Sink(io.RawIOBase):
    """Counts what is written and keeps nothing."""

    size = 0

    def tell(self):
        return self.size

    def write(self, data):
        self.size += len(data)
        return len(data)


def test_memory_does_not_grow_with_the_pieces():
    piece = make_piece(*(f"page {number}" for number in range(50))).getvalue()
    peaks = []
    for count in (4, 40):
        tracemalloc.start()
        joiner = Joiner(Sink())
        for _ in range(count):
            joiner.add(io.BytesIO(piece))
        joiner.finish()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 64 * 1024
