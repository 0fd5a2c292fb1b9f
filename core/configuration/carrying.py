"""A section on its way through a page and back: signed, with its secrets sealed, so that none is dropped or read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core import signing

from core.configuration.secret import STORED
from core.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.configuration.registry import Section

_HOURS = 24


class CarriedValueStale(InvalidInput):
    """This page is too old. Open the settings again."""

    code = "carried_value_stale"


def carry_section(section: Section) -> str:
    """Return a section as a text for a hidden field; a secret entered a moment ago is in it, encrypted."""
    return carry_stored(type(section), section.model_dump(mode="json", context=STORED))


def carry_stored(kind: type[Section], value: Mapping[str, Any]) -> str:
    """Return a stored version's value as a text for a hidden field."""
    return signing.dumps(value, salt=_salt(kind), compress=True)


def receive_section(kind: type[Section], text: str) -> Section:
    """Return the section that :func:`carry_section` wrote.

    Raises ``carried_value_stale`` for what we did not write or wrote more than a day ago, and pydantic's
    ``ValidationError`` where today's rules refuse an old version.
    """
    try:
        value = signing.loads(text, salt=_salt(kind), max_age=_HOURS * 3600)
    except signing.BadSignature:
        raise CarriedValueStale from None
    return kind.model_validate(value, context=STORED)


def _salt(kind: type[Section]) -> str:
    return f"relais.section.{kind.key}"
