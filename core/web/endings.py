"""How pages show the ends of a party's access, the same in the portal and at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts.affiliation.services import is_reversible
from core.accounts.affiliation.settings import COMPUTED_BY
from core.catalogue import registry
from core.kernel.text import N_
from core.web.context import theme_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.accounts.models import PartyEnding
    from core.web.requests import PortalRequest

KINDS = {
    "affiliation": N_("End of the affiliation"),
    "renunciation": N_("Renunciation"),
    "exclusion": N_("Exclusion"),
    "suspension": N_("Suspension"),
    "death": N_("Death"),
}
STATES = {
    "announced": N_("announced"),
    "running": N_("in force"),
    "done": N_("carried out"),
    "cancelled": N_("taken back"),
}
CHIPS = {"announced": "warn", "running": "warn", "done": "", "cancelled": ""}


def describe_ending(request: PortalRequest, ending: PartyEnding) -> dict[str, Any]:
    """Return what a page shows of one end, in the reader's language."""
    rule = COMPUTED_BY.get(ending.rule)
    return {
        "row": ending,
        "kind": gettext(KINDS[ending.kind]),
        "state": gettext(STATES[ending.state]),
        "chip": CHIPS[ending.state],
        "themes": name_themes(request, ending.themes),
        "rule": gettext(rule) if rule else "",
        "reads_on": ending.themes is None and ending.ends_on > ending.takes_effect_on,
        "may_take_back": is_reversible(ending),
    }


def name_themes(request: PortalRequest, slugs: Iterable[str] | None) -> str:
    """Return the names of themes as the caisse has them; None stands for all."""
    if slugs is None:
        return gettext("All themes")
    known = {one.slug: one for one in registry.list_all_themes()}
    return ", ".join(theme_name(request.caisse, known[one]) if one in known else one for one in slugs)
