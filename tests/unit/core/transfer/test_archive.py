"""The archive and its encryption alone: odd names and kinds of parts, cuts anywhere, streams that nobody ends."""

from __future__ import annotations

import tarfile
import threading
from itertools import count

import pytest

from core.transfer import archive, sealing
from core.transfer.archive import Writer, read_parts
from core.transfer.errors import ExportDamaged, NoExport, PrivateKeyInvalid, PublicKeyInvalid, WrongKey

PRIVATE, PUBLIC = sealing.new_private_key()


def _archive(parts=((archive.MANIFEST, b"{}"), ("tables/core_x/000001.copy", b"a\tb\n" * 300))):
    with Writer() as writer:
        body = b"".join(b"".join(writer.part(name, content)) for name, content in parts)
        return body + b"".join(writer.end(b"{}", b"{}"))


def _read(plain):
    return [(part.name, part.read()) for part in read_parts([plain])]


def _with_header(**changes):
    found = tarfile.TarInfo(archive.MANIFEST)
    for name, value in changes.items():
        setattr(found, name, value)
    return found.tobuf(tarfile.GNU_FORMAT) + bytes(1024)


def test_parts_come_out_as_they_went_in_whatever_the_pieces():
    plain = _archive()
    names = [name for name, _content in _read(plain)]
    assert names == [archive.MANIFEST, "tables/core_x/000001.copy", archive.SUMS, archive.CLOSING, archive.SIGNATURE]
    pieces = [plain[n : n + 7] for n in range(0, len(plain), 7)]
    assert [(part.name, part.read()) for part in read_parts(pieces)] == _read(plain)


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"x" * 5000,
        bytes(1024),
        _with_header(name="../../etc/passwd"),
        _with_header(name="/etc/passwd"),
        _with_header(type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        _with_header(type=tarfile.GNUTYPE_LONGNAME, size=2**33),
        _with_header(type=tarfile.DIRTYPE),
        _with_header(size=-512),
        _with_header(name="documents/00000000-0000-4000-8000-000000000000"),
    ],
)
def test_what_is_no_archive_of_ours_is_refused(plain):
    with pytest.raises(NoExport):
        _read(plain)


def test_cut_anywhere_it_is_damaged():
    plain = _archive()
    for end in range(512, len(plain) - 1, 509):
        with pytest.raises(ExportDamaged):
            _read(plain[:end])
    with pytest.raises(ExportDamaged):
        _read(plain + b"more")


def test_part_that_claims_to_be_huge_is_not_read_into_memory():
    plain = _archive(((archive.MANIFEST, b"x" * (archive.SMALL_BYTES + 1)),))
    with pytest.raises(ExportDamaged):
        _read(plain)


def test_only_the_right_key_opens_and_every_bit_counts():
    sealed = b"".join(sealing.encrypt([b"secret" * 50_000], PUBLIC))
    assert b"secret" not in sealed
    assert b"".join(sealing.decrypt([sealed], f"# public key: {PUBLIC}\n{PRIVATE}\n")) == b"secret" * 50_000
    with pytest.raises(WrongKey):
        list(sealing.decrypt([sealed], sealing.new_private_key()[0]))
    for broken in (sealed[:-1], sealed[:70_000], sealed + b"x", sealed[:-5] + b"xxxxx"):
        with pytest.raises(ExportDamaged):
            list(sealing.decrypt([broken], PRIVATE))
    for text in ("", "# nothing", PUBLIC, "AGE-SECRET-KEY-1"):
        with pytest.raises(PrivateKeyInvalid):
            list(sealing.decrypt([sealed], text))
    with pytest.raises(PublicKeyInvalid):
        sealing.encrypt([b""], PRIVATE)


def test_stream_that_breaks_or_is_left_ends_its_thread():
    def broken():
        yield b"x" * 300_000
        raise ZeroDivisionError

    before = set(threading.enumerate())
    with pytest.raises(ZeroDivisionError):
        list(sealing.encrypt(broken(), PUBLIC))
    endless = sealing.encrypt((b"x" * 100_000 for _ in count()), PUBLIC)
    next(endless)
    endless.close()
    # What an earlier test left running may end meanwhile.
    assert set(threading.enumerate()) <= before
