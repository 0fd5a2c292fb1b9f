"""The base of every declaration and row: a frozen pydantic model whose fields are annotated with kinds."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from core.declare.faults import FieldFault
from core.declare.kinds.base import Json, Kind
from core.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.kernel.issues import Scalar

NOTHING = Text("")
RESERVED = frozenset({"row", "row_number", "message_id", "pk"})


@dataclass(frozen=True, slots=True)
class Fieldset:
    """Fields that belong together on a page, under one title."""

    title: Text
    fields: tuple[str, ...]
    help: Text = NOTHING


@dataclass(frozen=True, slots=True)
class FoundFault:
    """A fault and the field in which it was found; the texts are those of ``faults.get_fault(code)``."""

    field: str
    code: str
    params: Mapping[str, Scalar] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What came of reading entries: canonical values (None where empty), and the faults of the others.

    ``entries`` is what a draft keeps: the JSON form of a value, or what was typed where it is faulty.
    """

    values: Mapping[str, Any]
    faults: tuple[FoundFault, ...]
    entries: Mapping[str, Json]


def kinds_of(model: type[Declaration]) -> dict[str, Kind[Any]]:
    """Return each field's kind by name, in declared order."""
    return {name: kind for name, info in model.model_fields.items() for kind in info.metadata if isinstance(kind, Kind)}


def _check_complete(cls: type[Declaration]) -> None:
    grouped = [name for fieldset in cls.fieldsets for name in fieldset.fields]
    if cls.fieldsets and sorted(grouped) != sorted(kinds_of(cls)):
        message = f"{cls.__name__}.fieldsets must name every field once"
        raise TypeError(message)
    bare = set(cls.model_fields) - set(kinds_of(cls))
    if bare:
        message = f"{cls.__name__}: no kind for {', '.join(sorted(bare))}"
        raise TypeError(message)


class Declaration(BaseModel):
    """The scalar fields of a message type; each is ``Annotated[type, kind]``.

    An entry that may be left out is ``Annotated[type | None, Kind(required=False)] = None``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    fieldsets: ClassVar[tuple[Fieldset, ...]] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a declaration that contradicts itself, when it is imported."""
        super().__pydantic_init_subclass__(**kwargs)
        for name, kind in kinds_of(cls).items():
            if kind.required != cls.model_fields[name].is_required():
                message = f"{cls.__name__}.{name}: a default goes with required=False, and only with it"
                raise TypeError(message)
            if name in RESERVED:
                message = f"{cls.__name__}.{name}: this name is taken by every row table"
                raise TypeError(message)
        _check_complete(cls)

    @classmethod
    def clean_entries(cls, entries: Mapping[str, object]) -> Cleaned:
        """Read entries field by field; every fault is collected, unknown names are left out."""
        values: dict[str, Any] = {}
        kept: dict[str, Json] = {}
        faults: list[FoundFault] = []
        for name, kind in kinds_of(cls).items():
            raw = entries.get(name)
            try:
                value = kind.clean(raw)
            except FieldFault as fault:
                faults.append(FoundFault(name, fault.code, fault.params))
                kept[name] = raw if isinstance(raw, str | int | float) else None
            else:
                values[name] = value
                kept[name] = None if value is None else kind.to_json(value)
        return Cleaned(values, tuple(faults), kept)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """Build the declaration from clean values; raises pydantic's error if one is not."""
        return cls.model_validate(dict(values))

    def to_payload(self) -> dict[str, Json]:
        """Return the JSON form, field by field in declared order."""
        return {
            name: None if (value := getattr(self, name)) is None else kind.to_json(value)
            for name, kind in kinds_of(type(self)).items()
        }


class Row(Declaration):
    """One line of a repeated list; the list itself is a polars frame and a table, never a list of these."""


def fieldsets_of(model: type[Declaration]) -> tuple[Fieldset, ...]:
    """Return the declared fieldsets, or a single one without title that holds every field."""
    return model.fieldsets or (Fieldset(Text(""), tuple(kinds_of(model))),)
