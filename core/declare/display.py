"""How values look to people: figures and dates in the forms of a language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

MINUS = "\u2212"
KIBI = 1024
_SIZES = {"fr": ("o", "ko", "Mo")}


@dataclass(frozen=True, slots=True)
class NumberForm:
    """The signs between thousands and before decimals."""

    group: str = "\u2019"
    decimal: str = "."


DEFAULT_FORM = NumberForm()
_forms: dict[str, NumberForm] = {}


def register_number_form(language_tag: str, form: NumberForm) -> None:
    """Let a jurisdiction give ``fr-FR`` or the like its own signs; plain languages use the default."""
    _forms[language_tag.lower()] = form


def show_number(value: Decimal | int, language: str) -> str:
    """Return the number with grouped thousands, such as ``1’234.50``."""
    form = _forms.get(language.lower(), DEFAULT_FORM)
    plain = f"{abs(value):,}".replace(",", "\0").replace(".", form.decimal).replace("\0", form.group)
    return MINUS + plain if value < 0 else plain


def show_date(value: date) -> str:
    """Return ``31.12.2025``, the form that all the languages of the house share."""
    return f"{value.day:02}.{value.month:02}.{value.year:04}"


def show_size(size_bytes: int, language: str) -> str:
    """Return a file's size in the language's words: ``740 B``, ``12 KB``, ``3.4 MB``, ``12 ko``."""
    small, middle, large = _SIZES.get(language[:2], ("B", "KB", "MB"))
    if size_bytes < KIBI:
        return f"{size_bytes} {small}"
    if size_bytes < KIBI**2:
        return f"{round(size_bytes / KIBI)} {middle}"
    return f"{show_number(round(Decimal(size_bytes) / KIBI**2, 1), language)} {large}"
