"""What a mandate allows and for how long: what was entered, made canonical or refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.accounts.mandates.errors import MandateDatesNotValid, MandateNeedsEnd, MandateTermsNotValid
from core.accounts.mandates.settings import mandate_settings
from core.accounts.policy import caisse_today, offered_themes
from core.catalogue import registry
from core.kernel.periods import add_months
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from core.accounts.models import Mandate, MandateRequest
    from core.kernel.issues import Scalar


@dataclass(frozen=True, slots=True)
class Terms:
    """Themes and document types (``None``: all), read or act, and the days, both included."""

    themes: tuple[str, ...] | None
    document_types: tuple[str, ...] | None
    may_act: bool
    valid_from: date
    valid_until: date | None

    @property
    def values(self) -> dict[str, object]:
        """The columns of a row."""
        return {
            "themes": None if self.themes is None else list(self.themes),
            "document_types": None if self.document_types is None else list(self.document_types),
            "may_act": self.may_act,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
        }

    @property
    def in_words(self) -> Mapping[str, Scalar]:
        """What the audit trail keeps of it."""
        return {
            "themes": "*" if self.themes is None else ",".join(self.themes),
            "document_types": "*" if self.document_types is None else ",".join(self.document_types),
            "may_act": self.may_act,
            "from": self.valid_from.isoformat(),
            "until": self.valid_until.isoformat() if self.valid_until else "",
        }


def terms_of(row: Mandate | MandateRequest) -> Terms:
    """Return what a mandate or a request for one says."""
    return Terms(
        None if row.themes is None else tuple(sorted(row.themes)),
        None if row.document_types is None else tuple(sorted(row.document_types)),
        row.may_act,
        row.valid_from,
        row.valid_until,
    )


def clean_terms(
    *,
    themes: Iterable[str] | None,
    document_types: Iterable[str] | None,
    may_act: bool,
    valid_from: date,
    valid_until: date | None,
) -> Terms:
    """Return the terms in order.

    Raises ``mandate_terms_not_valid``, ``mandate_dates_not_valid``, ``mandate_needs_end``.
    """
    named = None if themes is None else tuple(sorted(set(themes)))
    types = None if document_types is None else tuple(sorted(set(document_types)))
    _check_offer(named, types)
    _check_days(valid_from, valid_until)
    return Terms(named, types, may_act, valid_from, valid_until)


def _check_offer(themes: tuple[str, ...] | None, types: tuple[str, ...] | None) -> None:
    offered = set(offered_themes(current_caisse()))
    known = {one.key for theme in registry.list_all_themes() for one in theme.message_types}
    if themes is not None and (not themes or not set(themes) <= offered):
        raise MandateTermsNotValid
    if types is None:
        return
    within = offered if themes is None else set(themes)
    if not types or not set(types) <= known or any(key.partition(".")[0] not in within for key in types):
        raise MandateTermsNotValid


def _check_days(first: date, last: date | None) -> None:
    today = caisse_today(current_caisse())
    if last is not None and (last < first or last < today):
        raise MandateDatesNotValid
    months = mandate_settings().longest_months
    latest = add_months(max(first, today), months) if months else None
    if latest is not None and (last is None or last > latest):
        raise MandateNeedsEnd(months=months, day=f"{latest:%d.%m.%Y}")


def is_within(narrow: Terms, wide: Terms) -> bool:
    """Whether the first allows nothing that the second does not."""
    return (
        _subset(narrow.themes, wide.themes)
        and _subset(narrow.document_types, wide.document_types)
        and (wide.may_act or not narrow.may_act)
        and narrow.valid_from >= wide.valid_from
        and (wide.valid_until is None or (narrow.valid_until is not None and narrow.valid_until <= wide.valid_until))
    )


def _subset(narrow: tuple[str, ...] | None, wide: tuple[str, ...] | None) -> bool:
    return wide is None or (narrow is not None and set(narrow) <= set(wide))
