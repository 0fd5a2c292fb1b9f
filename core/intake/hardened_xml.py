"""Reads XML that a stranger wrote: no document type, no entity, no network, bounded depth, in a stream."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO
from xml.parsers import expat

from lxml import etree

from core.intake import refusals

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 64 * 1024
DETAIL_CHARACTERS = 200
UNKNOWN_ENCODING = 18
# libxml2 numbers what a schema finds from 1800 to 1899.
SCHEMA_ERRORS = range(1800, 1900)


class _PrologueDone(Exception):
    """The first element has begun: nothing after it can declare a document type."""


def parse_small(content: bytes) -> etree._Element:
    """Parse a small document whole; raises the same refusals as a stream."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise refusal_of(error) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise refusals.XmlWithDoctype
    return root


def check_prologue(file: BinaryIO) -> str:
    """Refuse a document type before any tree is built; return the root's ``namespace name`` or ``name``.

    expat tells of a DOCTYPE when it begins, before an entity in it exists. The file is rewound.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    found: list[str] = []
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda name, _attributes: _stop(found, name)
    try:
        while chunk := file.read(CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except _PrologueDone:
        pass
    except (LookupError, ValueError) as error:
        # What expat cannot look into, lxml must not either.
        raise refusals.XmlEncoding(line=1) from error
    except expat.ExpatError as error:
        # Of what is not well formed lxml tells more.
        if error.code == UNKNOWN_ENCODING:
            raise refusals.XmlEncoding(line=1) from error
    finally:
        file.seek(0)
    return found[0] if found else ""


def _refuse_doctype(*_declaration: object) -> None:
    raise refusals.XmlWithDoctype


def _stop(found: list[str], name: str) -> None:
    found.append(name)
    raise _PrologueDone


def stream_elements(
    file: BinaryIO, tags: tuple[str, ...], schema: etree.XMLSchema | None = None
) -> Iterator[etree._Element]:
    """Yield each element of ``tags`` when it is complete; it is emptied when the next is asked for.

    Raises a refusal with line and column where the file is broken, and ``InvalidXmlSomewhere`` where it does
    not follow ``schema``.
    """
    events = etree.iterparse(
        file, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, schema=schema, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for place, (_event, element) in enumerate(events):
            # A document type stands before the root, so the first element shows it.
            if place == 0 and element.getroottree().docinfo.internalDTD is not None:
                raise refusals.XmlWithDoctype
            yield element
            element.clear()
    except etree.XMLSyntaxError as error:
        refusal = refusal_of(error)
        if isinstance(refusal, refusals.MalformedXml) and _ends_early(file):
            refusal = refusals.TruncatedXml(line=error.lineno or 0)
        raise refusal from error


def _ends_early(file: BinaryIO) -> bool:
    """Whether the file ends in the middle of a tag or a text."""
    if not file.seekable():
        return False
    file.seek(max(0, file.seek(0, os.SEEK_END) - CHUNK))
    return not file.read().rstrip(b"\x00 \t\r\n").endswith(b">")


def locate_invalid(content: bytes, schema: etree.XMLSchema) -> refusals.InvalidXml | None:
    """Return the first place where a document does not follow its schema; a stream does not know lines."""
    root = parse_small(content)
    if schema.validate(root):
        return None
    first = schema.error_log[0]  # type: ignore[index]  # the stubs know no list in it
    return refusals.InvalidXml(line=first.line, detail=first.message[:DETAIL_CHARACTERS])


def refusal_of(error: etree.XMLSyntaxError) -> refusals.FileRefused:
    """Return the refusal that fits libxml2's complaint."""
    kinds = etree.ErrorTypes
    code = getattr(error, "code", None)
    line, column = error.lineno or 0, error.offset or 0
    if code in {kinds.ERR_TAG_NOT_FINISHED, kinds.ERR_DOCUMENT_END, kinds.ERR_DOCUMENT_EMPTY}:
        return refusals.TruncatedXml(line=line)
    if code in {kinds.ERR_INVALID_ENCODING, kinds.ERR_INVALID_CHAR, kinds.ERR_UNSUPPORTED_ENCODING}:
        return refusals.XmlEncoding(line=line)
    if code in {kinds.ERR_NAME_TOO_LONG, kinds.ERR_ENTITY_LOOP}:
        return refusals.XmlTooDeep()
    detail = (error.msg or "").split(", line ")[0]
    if "Excessive depth" in detail or "huge" in detail.lower():
        return refusals.XmlTooDeep()
    if code in SCHEMA_ERRORS:
        return refusals.InvalidXmlSomewhere(detail=detail[:DETAIL_CHARACTERS])
    return refusals.MalformedXml(line=line, column=column, detail=detail[:DETAIL_CHARACTERS])
