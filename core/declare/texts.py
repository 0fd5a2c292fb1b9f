"""How typed text is made comparable: one list of blanks for Python and for polars."""

from __future__ import annotations

import re
import unicodedata

# Python's and Rust's ideas of white space differ; both sides use this list instead.
BLANKS = (
    " \t\n\r\x0b\x0c\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
APOSTROPHES = "'\u2019\u2018\u02bc\u0060\u00b4\u2032"
MINUSES = "-\u2212\u2013"

_BLANK_RUN = re.compile(f"[{re.escape(BLANKS)}]+")
_LINE_BLANK_RUN = re.compile(f"[{re.escape(BLANKS.replace(chr(10), ''))}]+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_NO_LETTERS = re.compile(r"[^0-9a-z]+")


def strip(text: str) -> str:
    """Return the text without blanks around it, invisible ones included."""
    return text.strip(BLANKS)


def tidy(text: str) -> str:
    """Return one line: composed characters (NFC), single spaces, nothing around it."""
    return strip(_BLANK_RUN.sub(" ", unicodedata.normalize("NFC", text)))


def tidy_lines(text: str) -> str:
    """Return several lines, each tidied; no more than one empty line in a row."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    lines = [strip(_LINE_BLANK_RUN.sub(" ", line)) for line in composed.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def squeeze(text: str) -> str:
    """Return the text without any blank."""
    return _BLANK_RUN.sub("", text)


def has_control_characters(text: str) -> bool:
    """Whether the text holds what can be neither printed nor stored."""
    return _CONTROL.search(text) is not None


def fold(text: str) -> str:
    """Return letters and digits only, lower case, without accents: ``Né(e) le`` becomes ``neele``."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold()
    return _NO_LETTERS.sub("", "".join(char for char in plain if not unicodedata.combining(char)))
