"""The scanner with its child: verdicts come through, limits hold, and it says what it is not."""

from __future__ import annotations

import io
import tempfile

from core.documents import sniffing
from core.documents.evidence.keys import new_key
from core.documents.layered import LayeredScanner
from core.documents.ports import Verdict, VirusScanner
from core.documents.refusals import explain
from integrations.structure_scanner import StructureScanner
from tests.benchmarks import receipt as sample
from tests.support import hostile_files


def _scan(data: bytes, filename: str) -> Verdict:
    media_type = sniffing.sniff(data[: sniffing.HEAD_BYTES], filename)
    return StructureScanner().scan(io.BytesIO(data), filename=filename, media_type=media_type)


def test_scanner_says_visibly_that_it_knows_no_viruses():
    scanner = StructureScanner()
    assert isinstance(scanner, VirusScanner)
    assert not scanner.finds_viruses
    assert "No virus scanner" in scanner.notice


def test_clean_and_refused_come_through_the_child():
    assert _scan(hostile_files.make_pdf(), "a.pdf").is_clean
    refused = _scan(hostile_files.make_png(tail=b"x"), "a.png")
    assert (refused.refusal_code, refused.detail) == ("two_in_one", "data after the end")
    assert explain(refused.refusal_code)


def test_parser_error_in_the_child_reads_as_damaged():
    assert _scan(b"\x89PNG\r\n\x1a\n", "a.png") == Verdict("damaged", "error")


def test_attachment_that_swells_is_unpacked_only_at_its_beginning():
    # A PDF whose attachment unpacks to many megabytes of blanks.
    def swell(file):
        file.attachments["a.txt"] = b" " * 10
        stream = file.attachments["a.txt"].get_file().obj
        import zlib

        packer = zlib.compressobj(9)
        packed = b"".join(packer.compress(b" " * hostile_files.MIB) for _ in range(64)) + packer.flush()
        stream.write(packed, filter=hostile_files.Name.FlateDecode)

    verdict = _scan(hostile_files.make_pdf(swell), "a.pdf")
    assert verdict.is_clean  # plain text, of which only the beginning was unpacked


def test_spooled_file_is_scanned_from_its_beginning():
    with tempfile.SpooledTemporaryFile(max_size=10) as file:
        file.write(hostile_files.make_pdf())
        verdict = StructureScanner().scan(file, filename="a.pdf", media_type=sniffing.PDF)
    assert verdict.is_clean


def test_our_own_receipt_may_be_sent_back_to_us():
    assert _scan(sample.make_receipt(1, new_key()), "receipt.pdf").is_clean


class _Virologist:
    finds_viruses = True
    notice = None

    def scan(self, content, *, filename, media_type):
        return Verdict("virus", "x") if b"virus" in content.read() else Verdict()


def test_layers_are_asked_in_turn_from_the_beginning_of_the_file():
    both = LayeredScanner(StructureScanner(), _Virologist())
    assert both.finds_viruses
    assert both.notice is None
    text = {"filename": "a.txt", "media_type": sniffing.TEXT}
    assert both.scan(io.BytesIO(b"a virus"), **text) == Verdict("virus", "x")
    assert both.scan(io.BytesIO(b"fine"), **text).is_clean
    assert (
        both.scan(io.BytesIO(b"<script >"), filename="a.txt", media_type=sniffing.HTML).refusal_code == "active_content"
    )
    assert LayeredScanner(StructureScanner()).notice == StructureScanner.notice
