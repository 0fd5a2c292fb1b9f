"""Campaigns in words: states, texts, kinds of party, the chart of what became of the letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from core.kernel.text import N_
from core.letters.selectors import STATES
from core.letters.texts import VARIANTS
from core.web.charts.figures import draw_bars

if TYPE_CHECKING:
    from core.letters.models import Campaign
    from core.letters.selectors import Funnel
    from core.web.charts.figures import Chart

_STATES = {
    "making": N_("being made"),
    "ready": N_("ready to print"),
    "cleared": N_("printed, file deleted"),
    "stopped": N_("nothing to send"),
}
CHIPS = {"used": "ok", "opened": "info", "open": "info", "expired": "warn", "returned": "stop"}
KINDS = {
    "insured": N_("Insured persons"),
    "self_employed": N_("Self-employed persons"),
    "employer": N_("Employers"),
    "agent": N_("Fiduciaries"),
}
SIZES = {"normal": N_("Normal print"), "large": N_("Large print (16 points)")}


def name_state(campaign: Campaign) -> str:
    """Return where a campaign stands."""
    return gettext(_STATES[campaign.state])


def name_letter_state(state: str) -> str:
    """Return where a letter stands."""
    return gettext(dict(STATES)[state])  # type: ignore[index]  # keyed by the states themselves


def list_variants() -> list[tuple[str, str]]:
    """Return the texts to choose from."""
    return [(code, gettext(title)) for code, title in VARIANTS.items()]


def draw_funnel(funnel: Funnel) -> Chart:
    """Return bars of how far the letters came."""
    steps = [
        (gettext("Sent"), funnel.sent),
        (gettext("Code typed"), funnel.begun),
        (gettext("Access set up"), funnel.counts["used"]),
        (gettext("Expired unused"), funnel.counts["expired"]),
        (gettext("Came back"), funnel.counts["returned"]),
    ]
    summary = gettext("Of %(sent)s letters %(used)s led to an access (%(percent)s %%), %(returned)s came back.") % {
        "sent": funnel.sent,
        "used": funnel.counts["used"],
        "percent": funnel.share(funnel.counts["used"]),
        "returned": funnel.counts["returned"],
    }
    return draw_bars(
        key="funnel",
        title=gettext("What became of the letters"),
        summary=summary,
        heads=(gettext("Step"), gettext("Letters"), "%"),
        lines=[(name, [(0, float(count))], str(count)) for name, count in steps],
        rows=[(name, str(count), str(funnel.share(count))) for name, count in steps],
    )
