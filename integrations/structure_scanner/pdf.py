"""PDF files: no scripts, no actions that reach out, no attachments but plain data."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pikepdf

from core.documents import sniffing
from integrations.structure_scanner.findings import Refused

_MOST_OBJECTS = 300_000
_DEEPEST = 60
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"})
_ACTIVE_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/GoToE",
        "/GoToR",
        "/RichMediaExecute",
    },
)
_PLAIN = frozenset({sniffing.XML, sniffing.TEXT, sniffing.JSON, sniffing.CSV})
_PADDING = b"\x00\t\n\x0c\r "
_LONGEST_TAIL = 16


def check(data: bytes) -> None:
    """Walk all objects, also those in compressed streams and under an empty password."""
    _check_tail(data)
    try:
        with pikepdf.open(io.BytesIO(data)) as file:
            _check_file(file)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except pikepdf.PdfError as error:
        raise Refused("damaged", type(error).__name__) from None


def _check_tail(data: bytes) -> None:
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise Refused("damaged", "no end")
    if len(data[end + 5 :].strip(_PADDING)) > _LONGEST_TAIL:
        raise Refused("two_in_one", "data after the end")


def _check_file(file: pikepdf.Pdf) -> None:
    if len(file.objects) > _MOST_OBJECTS:
        raise Refused("too_much_inside", "objects")
    _walk(file.trailer, 0)
    for item in file.objects:
        _walk(item, 0)


def _walk(item: Any, depth: int) -> None:
    """Look at one object and at what lies directly in it; objects it refers to come by themselves."""
    if depth > _DEEPEST:
        raise Refused("damaged", "depth")
    if isinstance(item, pikepdf.Stream):
        _check_stream(item)
        item = item.stream_dict
    if isinstance(item, pikepdf.Dictionary):
        _check_dictionary(item)
        children = [item[key] for key in item.keys()]  # noqa: SIM118 -- iterating a pikepdf dictionary is something else
    elif isinstance(item, pikepdf.Array):
        children = list(item)
    else:
        return
    for child in children:
        if not getattr(child, "is_indirect", False):
            _walk(child, depth + 1)


def _check_dictionary(item: Any) -> None:
    found = _ACTIVE_KEYS.intersection(item.keys())
    if found:
        raise Refused("pdf_active", min(found))
    action = item.get("/S")
    if isinstance(action, pikepdf.Name) and str(action) in _ACTIVE_ACTIONS:
        raise Refused("pdf_active", str(action))
    files = item.get("/EF")
    if isinstance(files, pikepdf.Dictionary):
        for key in files.keys():  # noqa: SIM118 -- as above
            _check_attachment(files[key])


def _check_stream(item: Any) -> None:
    if item.stream_dict.get("/Type") == pikepdf.Name.EmbeddedFile:
        _check_attachment(item)


def _check_attachment(item: Any) -> None:
    if not isinstance(item, pikepdf.Stream):
        raise Refused("damaged", "attachment")
    found = sniffing.sniff(_head(item), "attachment")
    if found not in _PLAIN:
        raise Refused("pdf_attachment", found)


def _head(item: pikepdf.Stream) -> bytes:
    """Unpack only the beginning: how long the rest becomes is the writer's choice."""
    filters = item.stream_dict.get("/Filter")
    names = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
    raw = item.read_raw_bytes()
    if names in ([None], []):
        return raw[: sniffing.HEAD_BYTES]
    if names != [pikepdf.Name.FlateDecode]:
        raise Refused("pdf_attachment", "filter")
    return zlib.decompressobj().decompress(raw, sniffing.HEAD_BYTES)
