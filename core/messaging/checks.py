"""What a check needs to know beside the contents, and the checks that need no child."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from core.catalogue import registry
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.kernel import clock
from core.kernel.issues import Issue, Severity
from core.messaging import rows
from core.messaging.selectors import find_last_declared
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from core.catalogue.types import MessageType
    from core.messaging.models import Message
    from tenants.scope import CaisseRef

KEPT_OF_SUMMARY = ("totals", "breakdown", "persons", "facts", "last_year")


ContextBuilder = Callable[["CaisseRef", str, "Mapping[str, Any]"], dict[str, Any]]
_builders: dict[str, ContextBuilder] = {}


def register_context(type_key: str, builder: ContextBuilder) -> None:
    """Let a theme add plain data for its rules: ``builder(caisse, period, payload) -> dict``."""
    _builders[type_key] = builder


def build_context(message: Message, folder: Path | None = None) -> dict[str, Any]:
    """Return the plain data that the rules of a message may look at.

    With a ``folder``, last year's list is written there and named under ``last_year_rows``.
    """
    party = message.party
    context: dict[str, Any] = {
        "period": message.period,
        "today": clock.today(configuration.get(current_caisse(), LocaleSection).time_zone).isoformat(),
        "party": {
            "number": party.number,
            "name": party.name,
            "enterprise_number": party.enterprise_number,
            "regions": list(party.regions),
        },
    }
    context |= build_type_context(message.type_key, message.period, message.payload)
    last = find_last_declared(message)
    if last is not None and folder is not None and rows.has_rows(last):
        file = folder / "last_year.csv"
        rows.write_to_file(message=last, file=file)
        context |= {
            "last_year_rows": str(file),
            "last_year": last.period,
            "last_year_totals": last.summary.get("totals", {}),
        }
    return context


def build_type_context(
    type_key: str, period: str = "", payload: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """Return what the theme of a type adds to every check here: dated figures, thresholds, the caisse's own numbers."""
    builder = _builders.get(type_key)
    return builder(current_caisse(), period, payload) if builder else {}


def check_payload(message: Message) -> list[Issue]:
    """Return the faults of the scalar entries, then what the type's own rules find in them."""
    message_type = registry.get_type(message.type_key, message.type_version)
    cleaned = message_type.declaration.clean_entries(message.payload)
    issues = [Issue(fault.code, Severity.BLOCK, None, fault.field, dict(fault.params)) for fault in cleaned.faults]
    if not issues and message_type.check_message is not None:
        declared = message_type.declaration.from_values(cleaned.values)
        issues += message_type.check_message(declared, build_context(message))
    return issues


def keep_of_summary(summary: dict[str, Any]) -> dict[str, Any]:
    """Return the part of the child's summary that pages and receipts show."""
    return {key: summary[key] for key in KEPT_OF_SUMMARY if key in summary}


def period_of(message: Message, payload: Mapping[str, Any]) -> str:
    """Return the period that the entries of a message name."""
    return period_named(registry.get_type(message.type_key, message.type_version), payload)


def period_named(message_type: MessageType, payload: Mapping[str, Any]) -> str:
    """Return the period that the entries name, such as the accounting year."""
    field = message_type.period_field
    return str(payload.get(field) or "")[:10] if field else ""
