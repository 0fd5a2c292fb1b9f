"""The menus of the areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from core.web.areas import COMPANY, MINE, group_entries, name_company_area

if TYPE_CHECKING:
    from core.web.areas import AreaEntry, AreaGroup

register = template.Library()


@register.simple_tag(takes_context=True)
def list_own_pages(context: dict[str, Any]) -> list[AreaEntry]:
    """Return the pages about oneself."""
    return MINE.list_entries(here=_here(context), caisse=context["request"].caisse)


@register.simple_tag(takes_context=True)
def company_area(context: dict[str, Any]) -> str:
    """Return what the area about the party is called."""
    request = context["request"]
    return name_company_area(request.identity.find_seat(request.actor.party_id).party.kind)


@register.simple_tag(takes_context=True)
def list_company_pages(context: dict[str, Any]) -> list[AreaGroup]:
    """Return the pages about the company by heading, as far as the reader may see them."""
    request = context["request"]
    actor = request.actor
    entries = COMPANY.list_entries(
        here=_here(context),
        args=[actor.party_id],
        administrator="administrator" in actor.roles,
        kind=request.identity.find_seat(actor.party_id).party.kind,
        own=actor.party_id == actor.acting_party_id,
        caisse=request.caisse,
    )
    return group_entries(entries)


def _here(context: dict[str, Any]) -> str:
    match = context["request"].resolver_match
    return (match.url_name or "") if match else ""
