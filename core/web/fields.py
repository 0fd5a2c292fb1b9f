"""A declaration as the fields of a page: labels, helps, entries and faults, ready for the form part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext

from core.declare.declaration import fieldsets_of, kinds_of
from core.declare.faults import FieldFault, get_fault
from core.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from core.declare.declaration import Declaration
    from core.declare.kinds.base import Kind


@dataclass(frozen=True, slots=True)
class Option:
    """One value to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a form."""

    name: str
    id: str
    label: str
    help: str
    unit: str
    required: bool
    control: str
    inputmode: str
    maxlength: int | None
    rows: int
    autocomplete: str
    placeholder: str
    value: str
    options: tuple[Option, ...]
    fault: str
    fix: str
    pointed: bool = False

    @property
    def described_by(self) -> str:
        """The ids of help and fault, for aria-describedby."""
        return " ".join(f"{self.id}-{part}" for part, there in (("help", self.help), ("fault", self.fault)) if there)


@dataclass(frozen=True, slots=True)
class FieldsetView:
    """Fields under one title."""

    title: str
    help: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class FormView:
    """A whole form."""

    fieldsets: tuple[FieldsetView, ...]

    @property
    def faults(self) -> list[FieldView]:
        """The fields that need correction, for the summary above the form."""
        return [field for fieldset in self.fieldsets for field in fieldset.fields if field.fault]


def build_form(
    model: type[Declaration],
    entries: Mapping[str, Any],
    *,
    prefix: str = "",
    show_missing: bool = False,
    pointed: frozenset[str] = frozenset(),
) -> FormView:
    """Return the form; with ``show_missing`` empty required fields count as faults too."""
    kinds = kinds_of(model)
    return FormView(
        tuple(
            FieldsetView(
                gettext(fieldset.title) if fieldset.title else "",
                gettext(fieldset.help) if fieldset.help else "",
                tuple(
                    _field(name, kinds[name], entries.get(name), prefix, show_missing=show_missing, pointed=pointed)
                    for name in fieldset.fields
                ),
            )
            for fieldset in fieldsets_of(model)
        )
    )


def build_fieldset(
    kinds: Mapping[str, Kind[Any]],
    entries: Mapping[str, Any],
    *,
    title: str = "",
    help_text: str = "",
    prefix: str = "",
    show_missing: bool = False,
) -> FieldsetView:
    """Return a fieldset of kinds that stand in no declaration."""
    nothing: frozenset[str] = frozenset()
    fields = (
        _field(name, kind, entries.get(f"{prefix}{name}"), prefix, show_missing=show_missing, pointed=nothing)
        for name, kind in kinds.items()
    )
    return FieldsetView(title, help_text, tuple(fields))


def read_form(model: type[Declaration], data: QueryDict, prefix: str = "") -> dict[str, Any]:
    """Return what was typed, field by field, only for fields that the form held; blanks mean empty."""
    entries: dict[str, Any] = {}
    for name, kind in kinds_of(model).items():
        key = f"{prefix}{name}"
        if kind.widget().control == "checkbox":
            if f"{key}__shown" in data:
                entries[name] = key in data
        elif key in data:
            entries[name] = data[key]
    return entries


def canonical_entries(model: type[Declaration], entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries as a draft keeps them: canonical where they can be read, as typed where not."""
    cleaned = model.clean_entries(entries)
    return {name: cleaned.entries.get(name) for name in entries}


def _field(
    name: str, kind: Kind[Any], entry: Any, prefix: str, *, show_missing: bool, pointed: frozenset[str]
) -> FieldView:
    widget = kind.widget()
    shown, fault = _shown(kind, entry, show_missing=show_missing)
    return FieldView(
        name=f"{prefix}{name}",
        id=f"field-{prefix}{name}",
        label=gettext(kind.label),
        help=gettext(kind.help) if kind.help else "",
        unit=gettext(kind.unit) if kind.unit else "",
        required=kind.required,
        control=widget.control,
        inputmode=widget.inputmode,
        maxlength=widget.maxlength,
        rows=max(widget.rows, 3 if widget.control == "textarea" else 1),
        autocomplete=kind.autocomplete,
        placeholder=widget.placeholder,
        value=shown,
        options=_options(kind, shown),
        fault=gettext(get_fault(fault.code).why) % _params(fault) if fault else "",
        fix=gettext(get_fault(fault.code).fix) % _params(fault) if fault else "",
        pointed=name in pointed,
    )


def _params(fault: FieldFault) -> dict[str, Any]:
    label = fault.params.get("label")
    return {**fault.params, "label": gettext(str(label)) if label else ""}


def _shown(kind: Kind[Any], entry: Any, *, show_missing: bool) -> tuple[str, FieldFault | None]:
    try:
        value = kind.clean(entry)
    except FieldFault as fault:
        return str(entry or ""), fault if show_missing or fault.code != "required" else None
    if value is None:
        return "", None
    if hasattr(kind, "choices") or isinstance(value, bool):
        return kind.to_text(value), None
    return str(kind.display(value, get_language() or "fr")), None


def _options(kind: Kind[Any], chosen: str) -> tuple[Option, ...]:
    options = [
        Option(value, gettext(label) if isinstance(label, Text) else label, value == chosen)
        for value, label in kind.options(get_language() or "fr")
    ]
    return tuple(sorted(options, key=lambda option: option.label) if len(options) > 8 else options)  # noqa: PLR2004 -- long lists are looked up by the alphabet
