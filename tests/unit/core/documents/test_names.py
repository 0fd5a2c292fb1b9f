"""Names of files, made safe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.errors import FilenameUnusable
from core.documents.names import LONGEST, clean_filename, extension_of


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("Löhne 2026.xlsx", "Löhne 2026.xlsx"),
        ("C:\\Users\\anna\\löhne.xlsx", "löhne.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\r\n.pdf", "a_b__.pdf"),
        ('a"b;c<d>.pdf', "a_b;c_d_.pdf"),
        ("", "document"),
        ("...", "document"),
        ("CON.txt", "document_CON.txt"),
        (".htaccess", "htaccess"),
        ("a\u200bb.pdf", "ab.pdf"),
        ("u\u0308.pdf", "ü.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_filename_is_cleaned(given_name, cleaned):
    assert clean_filename(given_name) == cleaned


@pytest.mark.parametrize("turning", ["\u202e", "\u2066", "\u200f", "\u202a"])
def test_filename_that_turns_the_reading_direction_is_refused(turning):
    with pytest.raises(FilenameUnusable):
        clean_filename(f"invoice{turning}fdp.exe")


@given(st.text(max_size=400))
def test_cleaned_name_is_always_usable_and_stable(name):
    try:
        cleaned = clean_filename(name)
    except FilenameUnusable:
        return
    assert 0 < len(cleaned) <= LONGEST
    assert not set(cleaned) & set('/\\:*?"<>|\x00\n\r\t')
    assert clean_filename(cleaned) == cleaned


@pytest.mark.parametrize(
    ("name", "ending"), [("a.PDF", "pdf"), ("a.tar.gz", "gz"), ("a", ""), (".pdf", ""), ("a.", "")]
)
def test_ending_is_what_follows_the_last_dot(name, ending):
    assert extension_of(name) == ending
