"""Finding in what was done: filters, pages by key, and each entry's details in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext

from core.kernel.text import N_, Text
from core.operator.audit import list_details, list_values
from core.operator.models import Act
from core.web.context import PLATFORM_ZONE
from core.web.templatetags.relais import moment
from tenants.models import Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

T = TypeVar("T")
PAGE = 50
_WORDS = {
    "unknown": N_("nobody has this address"),
    "blocked": N_("the operator is blocked"),
    "password_or_code": N_("password or one-time password wrong"),
    "limited": N_("too many attempts"),
    "passkey": N_("the passkey’s answer is not valid"),
}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT")
_BY_PASSWORD, _BY_PASSKEY = N_("with password and one-time password"), N_("with a passkey")
_WAYS = {"3": _BY_PASSWORD, "password": _BY_PASSWORD, "4": _BY_PASSKEY, "passkey": _BY_PASSKEY}
_SYSTEMS = {"sign-in": N_("Sign-in page"), "command line": N_("Command line")}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; days count in the platform's zone, ``until`` included."""

    action: str = ""
    who: UUID | None = None
    caisse: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> Filters:
        """Return what a query asks for; what cannot be read is left out."""
        return cls(
            action=typed.get("action", ""),
            who=_read(UUID, typed.get("who", "")),
            caisse=typed.get("caisse", "").strip().lower()[:31],
            since=_read(date.fromisoformat, typed.get("since", "")),
            until=_read(date.fromisoformat, typed.get("until", "")),
        )

    def apply(self, zone: str) -> QuerySet[Act]:
        """Return the entries that fit, newest first."""
        found = Act.objects.order_by("-at", "-id")
        if self.action:
            found = found.filter(action=self.action)
        if self.who:
            found = found.filter(Q(operator_id=self.who) | Q(about_id=self.who))
        if self.caisse:
            found = found.filter(Q(caisse_slug=self.caisse) | Q(caisse_id=self.caisse))
        if self.since:
            found = found.filter(at__gte=_midnight(self.since, zone))
        if self.until and self.until < date.max:
            found = found.filter(at__lt=_midnight(self.until + timedelta(days=1), zone))
        return found


def list_page(filters: Filters, *, zone: str, cursor: str = "", limit: int = PAGE) -> tuple[list[Act], str]:
    """Return one page and the cursor of the next one, or an empty text."""
    found = filters.apply(zone)
    if before := _read_cursor(cursor):
        at, act_id = before
        found = found.filter(Q(at__lt=at) | Q(at=at, id__lt=act_id))
    acts = list(found[: limit + 1])
    return acts[:limit], _cursor(acts[limit - 1]) if len(acts) > limit else ""


def list_names() -> list[tuple[str, str]]:
    """Return the operators by whom one may filter."""
    return [(str(one), name) for one, name in Operator.objects.order_by("name").values_list("id", "name")]


def name_actor(act: Act) -> str:
    """Return who did it; what no person did is named in the reader's language."""
    words = _SYSTEMS.get(act.actor_name) if act.actor_kind == "system" else None
    return gettext(words) if words else act.actor_name


def describe(act: Act) -> str:
    """Return an entry's details in the reader's language."""
    return ", ".join(filter(None, (_detail(key, str(value)) for key, value in act.data.items())))


def _detail(key: str, value: str) -> str:
    if key == "label":
        return value
    values = {"level": _WAYS, "way": _WAYS, "reason": _WORDS}.get(key, {})
    if value in values:
        return gettext(values[value])
    label, words = list_details().get(key, Text(key)), list_values(key).get(value)
    return f"{gettext(label)}: {gettext(words) if words else _instant(value)}" if label and value else ""


def _instant(value: str) -> str:
    """Return an instant in the platform's zone; anything else as it is."""
    at = _read(datetime.fromisoformat, value) if _INSTANT.match(value) else None
    return moment(at, PLATFORM_ZONE) if at else value


def _cursor(act: Act) -> str:
    return f"{act.at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{act.id.hex}"


def _read_cursor(text: str) -> tuple[datetime, UUID] | None:
    at, _, act_id = text.partition("-")
    try:
        return datetime.strptime(at, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC), UUID(act_id)
    except ValueError:
        return None


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))


def _read(kind: Callable[[str], T], text: str) -> T | None:
    try:
        return kind(text) if text else None
    except ValueError:
        return None
