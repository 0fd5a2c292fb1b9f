"""What REST calls may contain: read by pydantic, faults named like everywhere else."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.catalogue.types import MessageType
    from core.declare.declaration import FoundFault

M = TypeVar("M", bound=BaseModel)


class EntriesFaulty(InvalidInput):
    """Some entries need correction; each is named with its code. Nothing was changed."""

    code = "entries_faulty"


class BodyUnreadable(InvalidInput):
    """The body of this call does not have the form that the API document describes."""

    code = "body_unreadable"


class FileMissing(InvalidInput):
    """The call holds no file. Send it as multipart form data in the part "file"."""

    code = "file_missing"


class NumberExpected(InvalidInput):
    """A whole number is expected here."""

    code = "number_expected"


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewMessage(_Input):
    """Begin a draft."""

    type: str
    payload: dict[str, Any] = {}
    substitutes: UUID | None = None


class Change(_Input):
    """Change entries."""

    revision: int
    payload: dict[str, Any]


class Rows(_Input):
    """Replace the list."""

    revision: int
    rows: list[dict[str, Any]]


class Send(_Input):
    """Send the contents of one revision."""

    revision: int
    confirmed: bool = False


class Reason(_Input):
    """A written reason; with ``alike`` for every finding of the same code that has none yet."""

    reason: str
    alike: bool = False


class Question(_Input):
    """A question of the caisse."""

    question: str
    pointers: list[dict[str, Any]] = []
    due_on: str | None = None


class Note(_Input):
    """A closing remark or a reason."""

    note: str = ""


class Colleague(_Input):
    """To whom a case is handed over."""

    colleague: str


class Until(_Input):
    """Until when a case is set aside."""

    until: str


class Search(_Input):
    """Words to look for."""

    text: str
    theme: str | None = None
    cursor: str | None = None


class PutSection(_Input):
    """Let a section of the configuration hold as given."""

    value: dict[str, Any]
    expected_version: int
    effective_from: date | None = None
    reason: Annotated[str, Field(max_length=500)] = ""
    dry_run: bool = False


def read(model: type[M], data: Any) -> M:
    """Return the body as ``model``; raises ``body_unreadable`` with the places that do not fit."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        places = [
            {"field": ".".join(map(str, one["loc"])), "code": one["type"]} for one in error.errors(include_url=False)
        ]
        raise BodyUnreadable(faults=places) from None


def canonical(message_type: MessageType, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given entries in canonical form; raises ``entries_faulty`` with every fault.

    Entries that are left out may come later; the check before sending asks for them.
    """
    cleaned = message_type.declaration.clean_entries(payload)
    faults = [fault(None, one) for one in cleaned.faults if one.field in payload]
    unknown = sorted(set(payload) - set(message_type.declaration.model_fields))
    faults += [{"row": None, "field": name, "code": "unknown_field", "params": {}} for name in unknown]
    if faults:
        raise EntriesFaulty(faults=faults)
    return {name: cleaned.entries[name] for name in payload}


def fault(row: int | None, found: FoundFault) -> dict[str, Any]:
    """Return a fault as the problem document lists it."""
    return {"row": row, "field": found.field, "code": found.code, "params": dict(found.params)}


def whole_number(text: str | None) -> int:
    """Return a query parameter as a number, 0 when it is left out."""
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 15:  # noqa: PLR2004 -- beyond any identifier here
        raise NumberExpected
    return int(text)


def text_of(data: Any, name: str) -> str:
    """Return one text of a form or JSON body; empty when it is not there."""
    return str(data.get(name) or "") if hasattr(data, "get") else ""
