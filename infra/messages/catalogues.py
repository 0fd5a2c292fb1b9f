"""The .po files: one for each language but English, whose texts are the msgids.

``root`` is the project, or the folder of one theme that brings its own catalogues in ``locale/``.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from infra.messages import typography
from infra.messages.sources import gather, is_theme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LANGUAGES = ("fr", "de", "it")
# So many words of a text, placeholders and figures aside, do not read the same in two languages by chance.
SENTENCE = 4
WORD = re.compile(r"(?<!\()\b[^\W\d_]{2,}\b(?!\)s)")
HEADER = "# Relais, {language}. Brought up to date by: make messages\n#"


def po_file(root: Path, language: str) -> Path:
    """Return where a language's catalogue lies."""
    home = root / "locale" if is_theme(root) else root / "infra" / "locale"
    return home / language / "LC_MESSAGES" / "django.po"


def read(root: Path, language: str) -> Catalog:
    """Return a language's catalogue, empty where there is none yet."""
    file = po_file(root, language)
    if not file.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def update(root: Path) -> None:
    """Add what the sources say anew, drop what they no longer say, keep every translation; set its signs."""
    template = gather(root)
    for language in LANGUAGES:
        catalogue = read(root, language)
        catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.header_comment = HEADER.format(language=language)
        catalogue.fuzzy = False
        for message in catalogue:
            message.string = _set_text(language, message)
        file = po_file(root, language)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            write_po(stream, catalogue, width=100, ignore_obsolete=True, sort_by_file=True, include_lineno=False)


def compile_all(root: Path) -> None:
    """Write the .mo file beside each .po file."""
    for language in LANGUAGES:
        file = po_file(root, language)
        if file.exists():
            with file.with_suffix(".mo").open("wb") as stream:
                write_mo(stream, read(root, language))


def list_faults(root: Path) -> list[str]:
    """Return what is missing, unclear or superfluous; empty when every language is complete."""
    template = gather(root)
    catalogues = {language: read(root, language) for language in LANGUAGES}
    faults = [f"{language}: {fault}" for language in LANGUAGES for fault in _faults(template, catalogues[language])]
    return faults + [
        f"{one} and {other}: the same words: {msgid!r}"
        for one, other in combinations(LANGUAGES, 2)
        for msgid in _list_same(catalogues[one], catalogues[other])
    ]


def _list_same(one: Catalog, other: Catalog) -> Iterator[str]:
    """Yield what reads the same in two languages though it is a sentence: one was copied from the other."""
    for message in one:
        twin = other.get(message.id, message.context) if isinstance(message.id, str) and message.id else None
        if twin is not None and twin.string == message.string and len(WORD.findall(str(message.string))) >= SENTENCE:
            yield str(message.id)


def _set_text(language: str, message: Message) -> str | tuple[str, ...] | list[str] | None:
    """Return a translation as the language sets its signs; what is not a text of ours is left alone."""
    if not message.id or not message.string:
        return message.string
    if isinstance(message.string, str):
        return typography.set_text(language, message.string)
    return tuple(typography.set_text(language, one) for one in message.string)


def _faults(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    for message in template:
        if not message.id:
            continue
        translated = catalogue.get(message.id, message.context)
        if translated is None or not _is_complete(translated.string):
            yield f"not translated: {message.id!r} ({message.locations[0][0]})"
            continue
        if translated.fuzzy:
            yield f"unsure (fuzzy): {message.id!r}"
        if translated.string != _set_text(str(catalogue.locale), translated):
            yield f"signs to be set by make messages: {message.id!r}"
        yield from (f"{error}: {message.id!r}" for error in translated.check(catalogue))
    for message in catalogue:
        if message.id and template.get(message.id, message.context) is None:
            yield f"nowhere in the sources: {message.id!r}"


def _is_complete(text: object) -> bool:
    return all(text) if isinstance(text, (tuple, list)) else bool(text)
