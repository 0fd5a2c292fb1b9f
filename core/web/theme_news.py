"""What has changed in the themes that a party is offered, as its people read it in the portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.catalogue import offers
from core.messaging.offer_changes import list_news
from core.web.putting_away import list_put_away

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@dataclass(frozen=True, slots=True)
class ThemeNews:
    """Names of themes gained and lost, the caisse's own texts, and what stands for it when it is put away."""

    gained: list[str]
    lost: list[str]
    texts: list[str]
    digest: str


def list_theme_news(request: PortalRequest, actor: Actor) -> ThemeNews | None:
    """Return the news of the last two weeks unless put away; within the caisse's scope, one query."""
    seat = request.identity.find_seat(actor.party_id)  # type: ignore[arg-type]  # a party's actor
    news = list_news(seat.party.number)
    gained = [slug for slug in news.gained if actor.may_read(slug)]
    if not (gained or news.lost) or seat.party.kind == "agent" or news.key in list_put_away(request):
        return None
    caisse = request.caisse
    return ThemeNews(
        [offers.name_theme(caisse, slug) for slug in gained],
        [offers.name_theme(caisse, slug) for slug in news.lost],
        offers.list_change_texts(caisse, [*gained, *news.lost]),
        news.key,
    )
