"""The search over everything the console can set: titles, labels, helps, choices and other words for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.declare.texts import fold
from core.web.console.forms import build_form
from core.web.console.menu import describe, list_pages, list_shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.configuration.registry import Section
    from core.web.console.forms import Control


@dataclass(frozen=True, slots=True)
class Hit:
    """A page, a section, or an entry in it; ``place`` names the section that an entry stands in."""

    label: str
    help: str
    url: str
    place: str = ""


def search_settings(text: str) -> list[Hit]:
    """Return what holds every word that was asked for; sections and pages before single entries."""
    words = list(filter(None, map(fold, text.split())))
    return sorted(_find(words), key=lambda hit: bool(hit.place)) if words else []


def _find(words: list[str]) -> Iterator[Hit]:
    for entry in [*map(describe, list_shown()), *list_pages()]:
        if _holds(words, entry.label, entry.help, entry.synonyms):
            yield Hit(entry.label, entry.help, entry.url)
    for kind in list_shown():
        yield from _find_entries(kind, words)


def _find_entries(kind: type[Section], words: list[str]) -> Iterator[Hit]:
    section = describe(kind)
    for top in build_form(kind, {}, {}):
        for label, control in _labelled(top):
            if _holds(words, label, control.help, *(name for _value, name in control.options)):
                yield Hit(label, control.help, f"{section.url}#{top.id}", section.label)


def _labelled(control: Control, above: str = "") -> Iterator[tuple[str, Control]]:
    """Yield an entry and those within it; the languages of a text are no entries of their own."""
    label = f"{above} › {control.label}" if above else control.label
    yield label, control
    if control.shape.control != "words":
        for row in control.children:
            for child in row.children if control.shape.control == "rows" else (row,):
                yield from _labelled(child, label)


def _holds(words: list[str], *texts: str) -> bool:
    text = fold(" ".join(texts))
    return all(word in text for word in words)
