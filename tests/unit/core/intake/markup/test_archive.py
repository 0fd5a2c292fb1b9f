"""Archives that lie: a wrong checksum, more content than allowed, entries that overlap."""

from __future__ import annotations

import io
import zipfile

import pytest

from core.intake.markup.archive import Archive
from core.intake.markup.errors import UnmarkableWorkbook


def archive(**contents):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in contents.items():
            new.writestr(name, content)
    return buffer


def test_a_wrong_checksum_is_noticed():
    raw = bytearray(archive(a="abc" * 100).getvalue())
    raw[raw.rindex(b"PK\x01\x02") + 16] ^= 1
    opened = Archive(io.BytesIO(bytes(raw)))
    with pytest.raises(UnmarkableWorkbook) as caught:
        opened.read(opened.entries[0], 1000)
    assert caught.value.reason == "damaged entry"


def test_no_more_is_unpacked_than_allowed():
    opened = Archive(archive(a=b"\0" * 50_000_000))
    with pytest.raises(UnmarkableWorkbook) as caught:
        opened.read(opened.entries[0], 1_000_000)
    assert caught.value.reason == "entry too large"


def test_entries_that_overlap_are_refused():
    raw = archive(a=b"x" * 5, b=bytes(range(256)) * 40).getvalue()
    with zipfile.ZipFile(io.BytesIO(raw)) as old:
        first, second = old.infolist()
    at = raw.index(b"PK\x01\x02")
    lying = bytearray(raw)
    # The first entry claims the second one's bytes too.
    lying[at + 20 : at + 24] = (first.compress_size + second.compress_size + 200).to_bytes(4, "little")
    with pytest.raises(UnmarkableWorkbook) as caught:
        Archive(io.BytesIO(bytes(lying)))
    assert caught.value.reason == "overlapping entries"
