"""The columns of a spreadsheet from a row model: what its template says, and by which headings it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.declare.declaration import kinds_of
from core.declare.texts import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.declare.declaration import Row
    from core.declare.kinds import Kind

HEADING_LANGUAGES = ("fr", "de", "it", "en")


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column of a template in one language; ``example`` is an entry as it may be typed."""

    name: str
    heading: str
    help: str
    example: str
    required: bool
    number_format: str
    width: int
    choices: tuple[str, ...]
    legend: tuple[str, ...]


def template_columns(model: type[Row], *, language: str, translate: Callable[[str], str] = str) -> list[TemplateColumn]:
    """Return the columns in declared order; help goes through ``translate``."""
    return [_column(name, kind, language, translate) for name, kind in kinds_of(model).items()]


def _column(name: str, kind: Kind[Any], language: str, translate: Callable[[str], str]) -> TemplateColumn:
    shape = kind.sheet_column()
    return TemplateColumn(
        name=name,
        heading=heading_of(kind, language, translate),
        help=translate(kind.help) if kind.help else "",
        example=kind.examples[0] if kind.examples else "",
        required=kind.required,
        number_format=shape.number_format,
        width=shape.width,
        choices=shape.choices,
        legend=_legend(kind, shape.choices, language, translate),
    )


def _legend(
    kind: Kind[Any], choices: tuple[str, ...], language: str, translate: Callable[[str], str]
) -> tuple[str, ...]:
    values = {value for value, _label in kind.options(language)}
    return tuple(spell_options(kind, language, translate)) if values.issuperset(choices) and choices else choices


def spell_options(kind: Kind[Any], language: str, translate: Callable[[str], str] = str) -> list[str]:
    """Return each possible entry as it is written, with its meaning where that is not the same word."""
    spelt = [(value, translate(label)) for value, label in kind.options(language)]
    return [value if value == label else f"{value} = {label}" for value, label in spelt]


def heading_of(kind: Kind[Any], language: str, translate: Callable[[str], str] = str) -> str:
    """Return the heading in a language: the declared one, else the translated label."""
    return kind.headings.get(language[:2]) or translate(kind.label)


def header_aliases(model: type[Row], joined: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, str]:
    """Return every folded heading, in all languages, with the field (or joined column) that it names.

    Look a heading up by :func:`core.declare.texts.fold`: case, accents, blanks and signs do not count.
    """
    found: dict[str, str] = {}
    for name, kind in kinds_of(model).items():
        for heading in (name, kind.label, *kind.headings.values(), *kind.aliases):
            found.setdefault(fold(heading), name)
    for name, headings in (joined or {}).items():
        for heading in headings:
            found.setdefault(fold(heading), name)
    return found
