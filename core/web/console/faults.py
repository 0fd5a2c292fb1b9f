"""What a section's model has against an entry, in the reader's language and by the control's path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.kernel.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import ValidationError

_PLACE = re.compile(r"(?:\[\w+\] )?(?P<path>[a-z_]+(?:\.\w+)*): (?P<reason>.+)", re.DOTALL)
TEXTS = {
    "missing": N_("This entry is missing."),
    "string_too_short": N_("Write at least %(min_length)s characters."),
    "string_too_long": N_("Write at most %(max_length)s characters."),
    "string_pattern_mismatch": N_("This is not written as expected."),
    "string_type": N_("This entry is missing."),
    "int_type": N_("Write a whole number."),
    "int_parsing": N_("Write a whole number."),
    "greater_than_equal": N_("At least %(ge)s."),
    "less_than_equal": N_("At most %(le)s."),
    "date_type": N_("This entry is missing."),
    "date_parsing": N_("Choose a date."),
    "date_from_datetime_parsing": N_("Choose a date."),
    "enum": N_("Choose one of the entries."),
    "literal_error": N_("Choose one of the entries."),
    "extra_forbidden": N_("There is no such key."),
    "bool_type": N_("Write true or false."),
    "bool_parsing": N_("Write true or false."),
    "tuple_type": N_("Write a list, in square brackets."),
    "list_type": N_("Write a list, in square brackets."),
    "dict_type": N_("Write keys with their values."),
    "model_type": N_("Write keys with their values."),
}


def describe_faults(error: ValidationError) -> dict[str, str]:
    """Return the fault of each control by its path; what concerns the section as a whole has the path ``""``."""
    return {".".join(map(str, one["loc"])): _text(one) for one in error.errors(include_url=False)}


def describe_refusals(refusals: Iterable[str]) -> dict[str, str]:
    """Return what rooms have against a section ("key: reason") by the control's path, else under ``""``."""
    found: dict[str, list[str]] = {}
    for refusal in refusals:
        place = _PLACE.match(gettext(refusal))
        path, reason = (place["path"], place["reason"]) if place else ("", gettext(refusal))
        found.setdefault(path, []).append(reason)
    return {path: " ".join(reasons) for path, reasons in found.items()}


def _text(error: Any) -> str:
    context = error.get("ctx") or {}
    if known := TEXTS.get(error["type"]):
        return gettext(known) % context
    cause = context.get("error")
    if cause is not None:
        text = gettext(str(getattr(cause, "msgid", "") or cause))
        params = getattr(cause, "params", None)
        return text % params if params else text
    return str(error["msg"])
