"""What is wrong with an uploaded configuration file: section, key and reason, in the reader's language."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext
from pydantic import ValidationError

from core.configuration.keeping import list_secrets
from core.configuration.registry import find_section, list_faults
from core.kernel.text import N_
from core.web.console.faults import describe_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_FILE = 512 * 1024
# A form's empty field is of the wrong type; in a file it is what was written.
_SECRET = N_("A secret does not belong here. Refer to it (env:RELAIS_CAISSE_NAME, file:/path), or leave it out.")
_KINDS = {
    "string_type": N_("Write text, in quotes."),
    "date_type": N_("Write a date, such as 2027-01-31."),
}


class FileFault(NamedTuple):
    """One fault; ``key`` is empty where it concerns the section, ``section`` where it concerns the file."""

    section: str
    key: str
    reason: str


def list_file_faults(text: str) -> list[FileFault]:
    """Return every fault of a file, in its order; none means that it can be applied."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [FileFault("", "", gettext(N_("This is no TOML: %(reason)s")) % {"reason": error})]
    return [fault for name, value in found.items() for fault in _faults_of(name, value)]


def _faults_of(name: str, value: Any) -> Iterator[FileFault]:
    kind = find_section(name)
    if kind is None:
        yield FileFault(name, "", gettext(N_("There is no such section.")))
        return
    try:
        section = kind.model_validate(value)
    except ValidationError as error:
        wrong_kind = {".".join(map(str, one["loc"])): one["type"] for one in error.errors(include_url=False)}
        for key, reason in describe_faults(error).items():
            yield FileFault(name, key, gettext(_KINDS[wrong_kind[key]]) if wrong_kind[key] in _KINDS else reason)
        return
    for name_of_secret, secret in list_secrets(section):
        if secret.is_set and not secret.is_reference:
            yield FileFault(name, name_of_secret, gettext(_SECRET))
    for fault in list_faults(section):
        key, colon, reason = fault.partition(": ")
        yield FileFault(name, key if colon else "", reason or fault)
