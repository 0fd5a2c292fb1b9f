"""One application at the desk: what was entered beside what the caisse knows, the decision, new codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.accounts.names import COMPANIES
from core.accounts.passwords import make_provisional_password
from core.configuration import configuration
from core.configuration.sections import TermsSection
from core.enrolment import deciding, inviting, selectors
from core.enrolment.counter import find_paper
from core.enrolment.entries import list_people
from core.enrolment.numbers import find_parties
from core.enrolment.section import HAND_OVERS, EnrolmentSection
from core.kernel.errors import NotFound, RelaisError
from core.kernel.text import N_
from core.web.enrolment.desk_list import may_decide
from core.web.enrolment.slips import slip_response
from core.web.enrolment.wording import ROLES, describe_application, describe_entry
from core.web.policies import desk, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import Party, User
    from core.enrolment.models import Application
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

_COMPARED = {
    "name": N_("Name"),
    "street": N_("Street and number"),
    "address_extra": N_("Further line of the address"),
    "postcode": N_("Postcode"),
    "town": N_("Town"),
    "phone": N_("Phone"),
    "birth_date": N_("Date of birth"),
}


@desk
@require_GET
def show(request: PortalRequest, actor: Actor, application_id: UUID) -> HttpResponse:
    """The application, compared with what the caisse knows."""
    return _page(request, actor, application_id)


@desk
@recent
@require_POST
def approve(request: PortalRequest, actor: Actor, application_id: UUID) -> HttpResponse:
    """Let its people in; codes leave by letter or SMS, or are printed on a slip at once."""
    posted = request.POST
    chosen, way = posted.get("party", ""), posted.get("way", "")
    try:
        with tenant_transaction(request.caisse):
            found = deciding.access_application(actor, application_id)
        waiting = [one for one in list_people(found.people) if one.role != "representative"]
        made = [make_provisional_password() for _one in waiting]
        with tenant_transaction(request.caisse):
            admitted = deciding.approve_application(
                actor=actor,
                application_id=application_id,
                way=way,
                party_id=_uuid(chosen),
                new_party=chosen == "new",
                passwords=made,
            )
    except NotFound:
        raise
    except RelaisError as error:
        return _page(request, actor, application_id, error)
    if way == "slip":
        return slip_response(request, admitted.application, admitted.credentials)
    messages.success(request, gettext("The application is approved, and the codes are on their way."))
    return redirect("desk_application", application_id=application_id)


@desk
@require_POST
def refuse(request: PortalRequest, actor: Actor, application_id: UUID) -> HttpResponse:
    """Refuse it with a reason, which the applicant reads."""
    try:
        with tenant_transaction(request.caisse):
            deciding.access_application(actor, application_id)
            deciding.refuse_application(
                actor=actor, application_id=application_id, reason=request.POST.get("reason", "")
            )
    except NotFound:
        raise
    except RelaisError as error:
        return _page(request, actor, application_id, error)
    messages.success(request, gettext("The application is refused, and the applicant is told why."))
    return redirect("desk_application", application_id=application_id)


@desk
@recent
@require_POST
def reissue(request: PortalRequest, actor: Actor, application_id: UUID, user_id: UUID) -> HttpResponse:
    """Give one of its people a new provisional password, such as when the letter never came."""
    way = request.POST.get("way", "")
    try:
        with tenant_transaction(request.caisse):
            found = deciding.access_application(actor, application_id)
            user = selectors.access_user(found, user_id)
            credentials = deciding.reissue_codes(actor=actor, application=found, user=user, way=way)
    except NotFound:
        raise
    except RelaisError as error:
        return _page(request, actor, application_id, error)
    if way == "slip":
        return slip_response(request, found, (credentials,))
    messages.success(request, gettext("A new password is on its way; the earlier one no longer works."))
    return redirect("desk_application", application_id=application_id)


@desk
@recent
@require_POST
def remind(request: PortalRequest, actor: Actor, application_id: UUID) -> HttpResponse:
    """Send a company that was invited a new code."""
    try:
        with tenant_transaction(request.caisse):
            found = deciding.access_application(actor, application_id)
            sent = inviting.remind_company(actor=actor, application=found)
    except NotFound:
        raise
    except RelaisError as error:
        return _page(request, actor, application_id, error)
    if sent:
        messages.success(request, gettext("A new code is on its way; the earlier one no longer works."))
    else:
        messages.info(request, gettext("This company has activated its access meanwhile."))
    return redirect("desk_application", application_id=application_id)


def _page(request: PortalRequest, actor: Actor, application_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        found = deciding.access_application(actor, application_id)
        parties = _list_parties(request, found)
        context: dict[str, Any] = {
            **describe_application(request.caisse, found),
            "people": [(gettext(ROLES[one.role]), one) for one in list_people(found.people)],
            "parties": parties,
            "compared": _compare(found, parties[0] if len(parties) == 1 else None),
            "history": [describe_entry(one) for one in selectors.list_history(actor, found)],
            "users": _describe_users(selectors.list_users(found)) if found.way != "private" else [],
            "invited": inviting.find_invited(found),
            "paper": find_paper(found),
            "renews_on": deciding.renews_on(found)
            if found.state == "approved" and configuration.get(request.caisse, TermsSection).renews_yearly
            else None,
        }
        context["code"] = inviting.code_until(context["invited"]) if context["invited"] else None
    section = configuration.get(request.caisse, EnrolmentSection)
    context |= {
        "may_decide": may_decide(actor),
        "may_make": not section.must_be_known and not parties,
        "ways": [(way, gettext(HAND_OVERS[way])) for way in section.hand_over],
        "chosen_way": request.POST.get("way") or section.hand_over[0],
        "typed": request.POST,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/enrolment/desk/case.html", context, status=error.status if error else 200)


def _list_parties(request: PortalRequest, found: Application) -> list[Party]:
    if found.party is not None:
        return [found.party]
    kinds = ["employer", "agent"] if found.kind in COMPANIES else [found.kind]
    return find_parties(request.caisse, kinds, found.number)


def _compare(found: Application, party: Party | None) -> list[dict[str, Any]]:
    """Return each entry beside what the caisse has, and whether they differ; nothing to compare without a party."""
    lines = []
    for name, label in _COMPARED.items():
        entered = found.name if name == "name" else found.facts.get(name, "")
        known = "" if party is None else str(getattr(party, name) or "")
        if entered or known:
            differs = party is not None and _plain(entered) != _plain(known)
            lines.append({"label": gettext(label), "entered": entered, "known": known, "differs": differs})
    return lines


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _describe_users(users: list[User]) -> list[dict[str, Any]]:
    return [{"user": one, "waits": one.password_must_change and one.state == "active"} for one in users]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
