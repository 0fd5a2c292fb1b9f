"""The scanner's contract on a real clamd, alone and behind the structural one."""

from __future__ import annotations

import io
import zipfile

import pytest

from core.documents import sniffing
from core.documents.layered import LayeredScanner
from core.documents.ports import PortUnavailable, VirusScanner
from integrations.clamav import ClamavScanner
from integrations.structure_scanner import StructureScanner
from tests.production.components.base import silent_port
from tests.support import hostile_files


def _scan(scanner: VirusScanner, data: bytes, filename: str = "a.txt"):
    media_type = sniffing.sniff(data[: sniffing.HEAD_BYTES], filename)
    return scanner.scan(io.BytesIO(data), filename=filename, media_type=media_type)


def _zipped(data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", data)
    return target.getvalue()


@pytest.fixture
def scanner(clamd):
    return ClamavScanner(clamd.address)


def test_clamd_fulfils_the_port_and_knows_viruses(scanner):
    assert isinstance(scanner, VirusScanner)
    assert scanner.finds_viruses
    assert scanner.notice is None
    assert scanner.ping()


@pytest.mark.parametrize(
    "wrap", [bytes, lambda virus: b"before " + virus + b" after", _zipped, lambda virus: _zipped(_zipped(virus))]
)
def test_virus_is_found_however_it_is_wrapped(scanner, wrap):
    verdict = _scan(scanner, wrap(hostile_files.eicar()))
    assert verdict.refusal_code == "virus"
    assert verdict.detail.startswith("Local.Eicar")


def test_clean_files_are_clean(scanner):
    assert _scan(scanner, b"hello").is_clean
    assert _scan(scanner, b"").is_clean
    assert _scan(scanner, bytes(32 * hostile_files.MIB), "a.bin").is_clean


def test_scanner_that_is_gone_is_said_and_never_reads_as_clean():
    with silent_port() as port:
        gone = ClamavScanner(f"127.0.0.1:{port}")
        assert not gone.ping()
        with pytest.raises(PortUnavailable):
            _scan(gone, b"hello")


def test_file_beyond_the_limit_of_clamd_never_reads_as_clean(scanner):
    with pytest.raises(PortUnavailable):
        _scan(scanner, bytes(70 * hostile_files.MIB), "a.bin")


def test_structure_and_viruses_together(scanner):
    both = LayeredScanner(StructureScanner(), scanner)
    assert _scan(both, hostile_files.eicar()).refusal_code == "virus"
    assert _scan(both, hostile_files.make_png(tail=b"x"), "a.png").refusal_code == "two_in_one"
    for sample in hostile_files.list_honest():
        assert _scan(both, sample.data, sample.filename).is_clean, sample.name
    assert both.finds_viruses
    assert both.notice is None
