"""What everybody reads after signing in: the caisse's announcements and coming maintenance."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from core.configuration import configuration
from core.configuration.sections import LocaleSection, MaintenanceSection, NoticesSection
from core.kernel import clock
from tenants import hosts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from core.configuration.sections import Announcement, Window
    from tenants.scope import CaisseRef


class Told(Protocol):
    """What a notice for everybody says, stored or not yet."""

    @property
    def kind(self) -> str: ...
    @property
    def texts(self) -> Mapping[str, str]: ...
    @property
    def begins_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Announced:
    """A text for the reader; ``digest`` stands for it when she puts it away, empty where she cannot."""

    level: str
    text: str
    digest: str = ""


def list_announcements(
    caisse: CaisseRef, audiences: Collection[str] = ("visitors", "portal"), put_away: Collection[str] = ()
) -> tuple[Announced, ...]:
    """Return the texts of today for these readers in the active language, maintenance first; costs no query."""
    zone = configuration.get(caisse, LocaleSection).time_zone
    now = clock.now().astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    windows = configuration.get(caisse, MaintenanceSection).list_coming(now)
    notices = (
        _announce(one)
        for one in configuration.get(caisse, NoticesSection).notices
        if one.audience in audiences and _is_shown(one, now.date())
    )
    maintenance = (Announced("warning", _tell(window)) for window in windows)
    return (*maintenance, *(one for one in notices if not one.digest or one.digest not in put_away))


def _is_shown(one: Announcement, today: date) -> bool:
    return (one.shown_from or date.min) <= today <= (one.shown_until or date.max)


def _announce(one: Announcement) -> Announced:
    content = hashlib.blake2b(one.model_dump_json().encode(), digest_size=6).hexdigest()
    return Announced(one.level, choose_text(one.texts), content if one.dismissible else "")


@dataclass(frozen=True, slots=True)
class PlatformNotice:
    """A notice for everybody, in the reader's language; ``level`` is that of an alert."""

    level: str
    text: str


def list_platform_notices(time_zone: str) -> tuple[PlatformNotice, ...]:
    """Return what the platform tells all visitors at this moment; costs no query."""
    zone = ZoneInfo(time_zone)
    if not hosts.is_loaded():
        return ()  # the page that says that the database is away must not ask it
    return tuple(PlatformNotice(one.level, describe_notice(one, zone)) for one in hosts.list_notices())


def describe_notice(notice: Told, zone: ZoneInfo) -> str:
    """Return a notice as its readers see it; a maintenance begins with its hours."""
    text = choose_text(notice.texts)
    if notice.kind != "maintenance":
        return text
    begin, end = (one.astimezone(zone) for one in (notice.begins_at, notice.ends_at))
    return f"{_tell_hours(begin, end)} {text}".strip()


def choose_text(texts: Mapping[str, str]) -> str:
    """Return the text in the reader's language, else the first there is."""
    return texts.get(get_language() or "") or next(iter(texts.values()), "")


def _tell(window: Window) -> str:
    return f"{_tell_hours(*window.span)} {choose_text(window.texts)}".strip()


def _tell_hours(begins: datetime, ends: datetime) -> str:
    begin, end = (f"{date_format(one, 'DATE_FORMAT')}, {_hour(one)}" for one in (begins, ends))
    return gettext("Maintenance from %(begin)s to %(end)s.") % {"begin": begin, "end": end}


def _hour(moment: datetime) -> str:
    return f"{moment:%H:%M}"
