"""What the frame shows at the desk: the queue by state with counts, the desk's pages, support that looks in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext

from core.configuration import configuration
from core.enrolment.selectors import count_open
from core.kernel.text import N_
from core.messaging import desk_queue
from core.messaging.desk_settings import DeskSection
from core.messaging.states import AT_THE_DESK, State
from core.web.links import Link
from core.web.support import list_banners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.kernel.actors import Actor
    from core.messaging.desk_queue import Counts
    from core.web.requests import PortalRequest
    from tenants.scope import CaisseRef

_DESK_PAGES = (
    ("desk_search", N_("Search")),
    ("desk_parties", N_("Parties")),
    ("desk_mandates", N_("Mandates to check")),
    ("desk_incidents", N_("Reports")),
    ("desk_statistics", N_("Statistics")),
    ("desk_replies", N_("Reply texts")),
    ("desk_teams", N_("Teams")),
)
_DESK_LABELS = {
    State.SENT: N_("New"),
    State.IN_TREATMENT: N_("In treatment"),
    State.QUERIED: N_("Waiting for an answer"),
}


def describe_desk(request: PortalRequest, caisse: CaisseRef, actor: Actor) -> dict[str, Any]:
    """Return the desk's links and who of the operator looks in; within an open scope."""
    counts, waiting, support = desk_queue.count_queue(actor), count_open(actor), list_banners(request)
    here = request.resolver_match.url_name if request.resolver_match else ""
    wanted = request.GET.get("state", "") if here == "desk_queue" else None
    links = list(_queue_links(caisse, counts, wanted))
    if "clerk" in actor.roles or "administrator" in actor.roles:
        links.append(Link(gettext("Record what came on paper"), reverse("desk_record")))
    links.append(
        Link(gettext("Applications"), reverse("desk_applications"), waiting, current=here == "desk_applications")
    )
    links.extend(Link(gettext(label), reverse(name), current=here == name) for name, label in _DESK_PAGES)
    return {"desk_links": tuple(links), "support": support}


def _queue_links(caisse: CaisseRef, counts: Counts, wanted: str | None) -> Iterator[Link]:
    queue = reverse("desk_queue")
    yield Link(gettext("All open cases"), queue, sum(counts.by_state.values()), current=wanted == "")
    for state in AT_THE_DESK:
        url = f"{queue}?state={state}"
        yield Link(gettext(_DESK_LABELS[state]), url, counts.by_state[str(state)], current=wanted == state)
    if counts.to_confirm or configuration.get(caisse, DeskSection).four_eyes:
        label = gettext("To confirm")
        yield Link(label, f"{queue}?state=confirm", counts.to_confirm, current=wanted == "confirm")
    yield Link(gettext("Snoozed"), f"{queue}?state=snoozed", counts.snoozed, current=wanted == "snoozed")
    yield Link(gettext("Completed"), f"{queue}?state=done", current=wanted == "done")
