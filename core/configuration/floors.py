"""The legal minimum of a retention: dated parameters of the caisse's jurisdiction that no caisse goes below.

``retention.months`` holds for everything, ``retention.months.<theme>`` and ``retention.months.<message type or kind of
document>`` go before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext

from core.configuration.registry import add_check_across
from core.configuration.sections import LocaleSection, RetentionSection
from core.kernel import clock
from core.kernel.text import N_
from core.parameters.book import find_parameter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from core.configuration.registry import Section
    from core.parameters.records import Parameter

GENERAL = "retention.months"


def register() -> None:
    """Look at retention and jurisdiction together whenever one of them changes."""
    add_check_across([RetentionSection, LocaleSection], list_retention_faults)


def find_floor(jurisdiction: str, what: str, day: date) -> Parameter | None:
    """Return the least number of months for a message type or kind of document, the most particular one."""
    particular = [f"{GENERAL}.{what}", f"{GENERAL}.{what.partition('.')[0]}"] if what else []
    found = (find_parameter(jurisdiction, key, day) for key in [*particular, GENERAL])
    return next(filter(None, found), None)


def list_retention_faults(sections: Mapping[str, Section]) -> Iterator[str]:
    """Yield place and reason of each retention below its floor, in the active language."""
    retention = cast("RetentionSection", sections[RetentionSection.key])
    locale = cast("LocaleSection", sections[LocaleSection.key])
    day = clock.today(locale.time_zone)
    kept = [("years", "", retention.total_months)]
    kept += [(f"rules.{number}.years", rule.what, rule.total_months) for number, rule in enumerate(retention.rules)]
    for place, what, months in kept:
        floor = find_floor(locale.jurisdiction, what, day)
        if floor is not None and months < floor.number:
            yield f"[{retention.key}] {place}: {_say(floor, months)}"


def _say(floor: Parameter, months: int) -> str:
    text = gettext(N_("%(months)s months are less than the %(least)s that apply here at least (%(source)s).")) % {
        "months": months,
        "least": floor.value,
        "source": floor.source,
    }
    doubt = gettext(N_("This minimum is to be confirmed."))
    return f"{text} {doubt}" if floor.to_confirm else text
