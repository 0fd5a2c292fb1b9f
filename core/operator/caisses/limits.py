"""The limits of a caisse as a form: storage is typed in GiB, everything else as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from core.web.console.usage import LABELS, chip_of
from tenants.errors import QuotaNotAllowed
from tenants.quotas import NAMES, get_defaults, percent_of
from tenants.steering import CaisseQuota

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.operator.samples.models import Standing
    from tenants.models import Caisse

GIB = 2**30


@dataclass(frozen=True, slots=True)
class LimitField:
    """One limit: what is set, what holds without it, and how much of what holds is used (None: not counted)."""

    name: str
    label: str
    help: str
    value: str
    default: int
    holds: int
    used: int | None
    percent: int | None

    @property
    def chip(self) -> str:
        """How the use looks."""
        return chip_of(self.percent)


def read_limits(posted: Mapping[str, str]) -> dict[str, int | None]:
    """Return the limits as typed, None for an empty field. Raises ``QuotaNotAllowed``."""
    return {name: _read(name, posted.get(name, "").strip()) for name in NAMES}


def build_fields(caisse: Caisse, standing: Standing | None, typed: Mapping[str, str]) -> list[LimitField]:
    """Return the limits of a caisse; within a platform scope, one query."""
    row = CaisseQuota.objects.filter(pk=caisse.id).first()
    return [_field(name, getattr(row, name) if row else None, standing, typed) for name in NAMES]


def _field(name: str, own: int | None, standing: Standing | None, typed: Mapping[str, str]) -> LimitField:
    label, help_text = LABELS[name]
    default = getattr(get_defaults(), name)
    holds = default if own is None else own
    used = _used(name, standing)
    value = typed.get(name, "" if own is None else str(_shown(name, own)))
    shown_used = None if used is None else _shown(name, used)
    percent = None if used is None else percent_of(used, holds)
    return LimitField(
        name, gettext(label), gettext(help_text), value, _shown(name, default), _shown(name, holds), shown_used, percent
    )


def _used(name: str, standing: Standing | None) -> int | None:
    if standing is None:
        return None
    used: dict[str, int | None] = {
        "storage_bytes": standing.document_bytes,
        "sms_per_hour": standing.sms_hour,
        "sms_per_day": standing.sms_day,
    }
    return used.get(name)


def _shown(name: str, value: int) -> int:
    return value // GIB if name == "storage_bytes" else value


def _read(name: str, text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 15:  # noqa: PLR2004 -- no limit is longer
        raise QuotaNotAllowed(name=name, least=0)
    return int(text) * (GIB if name == "storage_bytes" else 1)
