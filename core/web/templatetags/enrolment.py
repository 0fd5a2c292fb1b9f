"""What other rooms' pages show of enrolment: where one applies, and what a clerk can do for a party."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from core.configuration import configuration
from core.enrolment.inviting import INVITED_KINDS
from core.enrolment.section import EnrolmentSection
from core.web.enrolment.desk_list import may_decide
from core.web.enrolment.leaflet import list_leaflet_languages

if TYPE_CHECKING:
    from django.template import Context

    from core.accounts.models import Party

register = template.Library()


@register.inclusion_tag("web/enrolment/_ways_in.html", takes_context=True)
def ways_in(context: Context) -> dict[str, Any]:
    """Where somebody without an access gets one, as the caisse has it; nothing on the platform's own pages."""
    caisse = getattr(context.get("request"), "caisse", None)
    section = configuration.get(caisse, EnrolmentSection) if caisse is not None else EnrolmentSection(ways=())
    return {"form": section.is_open("form"), "private": section.is_open("private")}


@register.inclusion_tag("web/enrolment/desk/_party_acts.html", takes_context=True)
def enrolment_acts(context: Context, party: Party) -> dict[str, Any]:
    """What a clerk can do for a party that has no access yet, or for her staff."""
    request = context["request"]
    section = configuration.get(request.caisse, EnrolmentSection)
    allowed = may_decide(request.actor) and party.state == "active"
    staff = section.is_open("private") and "employer" in section.private_codes and party.kind in {"employer", "agent"}
    return {
        "party": party,
        "csrf_token": context.get("csrf_token"),
        "may_invite": allowed and section.is_open("invitation") and party.kind in INVITED_KINDS,
        "languages": list_leaflet_languages(request.caisse) if allowed and staff else [],
    }
