"""A case's page at the desk: what it shows, also with what was typed when something was missing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import get_language, gettext

from core.configuration import configuration
from core.configuration.sections import CalendarSection, DeadlinesSection
from core.documents.selectors import find_document
from core.messaging import access, acts, desk_proposals, desk_replies, presentation, selectors
from core.messaging.desk_colleagues import list_colleagues
from core.messaging.desk_settings import asks_for_two, today_at_desk
from core.messaging.states import AT_THE_DESK, Outcome, ProposalState, list_proposal_ways
from core.web.views.shown import describe, shown
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.messaging.models import Message
    from core.web.requests import PortalRequest


def describe_case(request: PortalRequest, actor: Actor, found: Message) -> dict[str, Any]:
    """Return everything a case's page shows at the desk, within the caller's scope; that it was opened is recorded."""
    acts.note_message_opened(actor, found)
    language = get_language() or "fr"
    days = configuration.get(request.caisse, DeadlinesSection).answer_days
    today = today_at_desk()
    last = selectors.find_last_declared(found)
    context = {
        **describe(actor, found),
        **describe_proposal(actor, found),
        "sees_contents": access.sees_contents(actor, found),
        "last": shown(last) if last else None,
        "comparison": presentation.compare_totals(found, last, language) if last else [],
        "due_default": configuration.get(request.caisse, CalendarSection).move_to_working_day(
            today + timedelta(days=days)
        ),
        "colleagues": list_colleagues(),
        "replies": desk_replies.list_replies_for(found) if actor.may_act(found.theme) else [],
        "at_desk": found.state in set(AT_THE_DESK) and actor.may_act(found.theme),
        "is_snoozed": bool(found.snoozed_until and found.snoozed_until > today),
        "tomorrow": today + timedelta(days=1),
        "question_open": next((one for one in found.answers.all() if one.state == "open"), None),
    }
    if not context["sees_contents"]:
        context |= {"fields": [], "totals": [], "breakdown": [], "rows": None, "findings": [], "documents": []}
    return context


def describe_proposal(actor: Actor, message: Message) -> dict[str, Any]:
    """Return what a case's page shows of proposals, within the caller's scope; one query, two with a document."""
    last = desk_proposals.find_last(message)
    waiting = last if last and last.state == ProposalState.WAITING else None
    may_act = actor.may_act(message.theme)
    ways = list_proposal_ways(is_proposer=waiting.proposed_by == actor.user_id) if waiting and may_act else []
    return {
        "asks_for_two": asks_for_two(message.theme),
        "outcomes": [(str(one), gettext(one.label)) for one in Outcome],
        "proposal": waiting,
        "proposal_outcome": gettext(Outcome(waiting.outcome).label) if waiting else "",
        "proposal_ways": {way.name for way in ways},
        "proposal_document": find_document(waiting.document_id) if waiting and waiting.document_id else None,
        "returned": last if last and last.state == ProposalState.RETURNED else None,
    }


def in_words(error: RelaisError) -> str:
    """Return what went wrong in the reader's language."""
    return gettext(error.message) % error.params if error.params else gettext(error.message)


def render_case(
    request: PortalRequest, actor: Actor, message_id: UUID, *, typed: QueryDict, error: RelaisError | None = None
) -> HttpResponse:
    """Return a case's page with what is typed already, and with what is wrong with it."""
    with tenant_transaction(request.caisse):
        context = describe_case(request, actor, access.access_message(actor, message_id))
    context |= {"refusal": in_words(error) if error else "", "typed": typed, "typed_rows": typed.getlist("row")}
    return render(request, "web/desk/message.html", context, status=error.status if error else 200)
