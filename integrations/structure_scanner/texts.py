"""Texts: no entities, no markup that a browser runs, no formulas that a spreadsheet runs."""

from __future__ import annotations

import re

from integrations.structure_scanner.findings import Refused

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DOCTYPE = re.compile(r"(?i)<!(DOCTYPE|ENTITY)")
_BROWSER = re.compile(r"(?i)http://www\.w3\.org/(1999/xhtml|2000/svg)|<\?xml-stylesheet")
_SCRIPT = re.compile(r"(?i)<\s*(script|iframe|object|embed)[\s>]|javascript:")
# ="0123" keeps a leading zero in a spreadsheet and is only a text; anything else after = is run.
_LITERAL = r"""(?:"[^"\r\n]*"|""[^"\r\n]*""\")[ ]*(?:[;,\t\r|]|$)"""
_FORMULA = re.compile(
    r"""(?m)(?:^|[;,\t|])["']?[\t\r ]*"""
    rf"""(?:=(?!{_LITERAL})[ ]*[^\s;,]|@\w+\s*\(|[+-]\s*[A-Za-z_]+\w*\s*[(|!])"""
)


def check_xml(data: bytes) -> None:
    """Judge an XML file; it is parsed elsewhere, here only what must never be parsed is refused."""
    text = _decode(data)
    if _DOCTYPE.search(text):
        raise Refused("dtd")
    if _BROWSER.search(text):
        raise Refused("active_content", "name space")


def check_csv(data: bytes) -> None:
    """Judge a table that a spreadsheet would open."""
    text = _decode(data)
    _check_plain(text)
    if _FORMULA.search(text):
        raise Refused("formula")


def check_text(data: bytes) -> None:
    """Judge a plain text."""
    _check_plain(_decode(data))


def _check_plain(text: str) -> None:
    if _SCRIPT.search(text):
        raise Refused("active_content")
    if "\x00" in text:
        raise Refused("damaged", "zero byte")


def _decode(data: bytes) -> str:
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
