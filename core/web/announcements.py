"""What everybody reads after signing in: the caisse's announcements and coming maintenance."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from core.configuration import configuration
from core.configuration.sections import LocaleSection, MaintenanceSection, NoticesSection
from core.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.configuration.sections import Window
    from tenants.scope import CaisseRef


def list_announcements(caisse: CaisseRef) -> list[str]:
    """Return the texts of today in the reader's language, maintenance first; costs no query."""
    zone = configuration.get(caisse, LocaleSection).time_zone
    now = clock.now().astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    windows = configuration.get(caisse, MaintenanceSection).list_coming(now)
    notices = [
        choose_text(one.texts)
        for one in configuration.get(caisse, NoticesSection).notices
        if (one.shown_from or date.min) <= now.date() <= (one.shown_until or date.max)
    ]
    return [*map(_tell, windows), *notices]


def choose_text(texts: Mapping[str, str]) -> str:
    """Return the text in the reader's language, else the first there is."""
    return texts.get(get_language() or "") or next(iter(texts.values()), "")


def _tell(window: Window) -> str:
    begin, end = (f"{date_format(one, 'DATE_FORMAT')}, {_hour(one)}" for one in window.span)
    told = gettext("Maintenance from %(begin)s to %(end)s.") % {"begin": begin, "end": end}
    return f"{told} {choose_text(window.texts)}".strip()


def _hour(moment: datetime) -> str:
    return f"{moment:%H:%M}"
