"""Terms of use: for whoever has to answer them, and for every visitor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from core.accounts.models.parties import PARTY_KINDS
from core.accounts.policy import caisse_today
from core.configuration import configuration
from core.configuration.sections import LegalSection, TermsSection
from core.kernel.errors import InvalidInput
from core.kernel.text import N_
from core.terms import answering, memory
from core.terms.differences import Paragraph, compare, show_whole
from core.terms.rules import in_force
from core.web.agreements import describe_agreement
from core.web.announcements import choose_text
from core.web.policies import before_terms, party, public
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.terms.memory import Published
    from core.terms.models import Answer, TermsText
    from core.web.requests import PortalRequest

AUDIENCES = {
    "employer": N_("Employers"),
    "agent": N_("Fiduciaries"),
    "insured": N_("Insured persons"),
    "self_employed": N_("Self-employed persons"),
}
_ANSWERS = {
    "accepted": N_("The terms are accepted for your company. Thank you."),
    "acknowledged": N_("You have acknowledged the terms. Thank you."),
    "refused": N_("Your refusal is written down. You can read until the last day named, and still change your mind."),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One version as its reader sees it; ``difference`` is None where nothing was accepted before."""

    version: Published
    text: TermsText
    whole: list[Paragraph]
    difference: list[Paragraph] | None
    asks_company: bool
    asks_reader: bool


@party
@before_terms
@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The version that asks, the one to come, what each changes, and what was answered until now."""
    if request.method == "POST":
        return _answer(request, actor)
    with tenant_transaction(request.caisse):
        standing = answering.get_standing(actor)
        answers = answering.list_answers(actor)
        agreement = describe_agreement(actor.acting_party_id)
        versions = [one for one in (standing.version, standing.coming) if one is not None]
        shown = [_shown(actor, one, answers) for one in versions]
    context = {
        "standing": standing,
        "shown": shown,
        "answers": answers,
        "is_administrator": "administrator" in actor.roles,
        "agreement": agreement,
        "may_renounce": "administrator" in actor.roles and actor.acting_party_id == actor.party_id,
        **_others(request),
    }
    return render(request, "web/portal/terms.html", context)


def _shown(actor: Actor, version: Published, answers: list[Answer]) -> Shown:
    language = get_language() or ""
    text = answering.get_text(version.id, language)
    before = answering.find_last_accepted(actor, before=version.number)
    old = answering.get_text(before.id, text.language).body if before else None
    given = {(one.kind, one.user_id) for one in answers if one.version_id == version.id}
    return Shown(
        version=version,
        text=text,
        whole=show_whole(text.body),
        difference=None if old is None else [part for part in compare(old, text.body) if part.changed],
        asks_company=version.asks and not any(kind == "accepted" for kind, _user in given),
        asks_reader=version.asks and ("acknowledged", actor.user_id) not in given,
    )


def _answer(request: PortalRequest, actor: Actor) -> HttpResponse:
    kind = request.POST.get("answer", "")
    try:
        version_id = UUID(request.POST.get("version", ""))
    except ValueError as error:
        raise InvalidInput from error
    if kind not in _ANSWERS:
        raise InvalidInput
    given = {name: request.POST.get(name, "") for name in ("language", "sha256")}
    with tenant_transaction(request.caisse):
        version = answering.access_published(actor, version_id)
        answering.answer_terms(actor=actor, version=version, kind=kind, **given)
        open_now = answering.get_standing(actor).state != "closed"
    messages.success(request, gettext(_ANSWERS[kind]))
    return redirect("party_dashboard" if open_now and kind != "refused" else "party_terms", actor.party_id)


@public
@require_GET
def publish(request: PortalRequest) -> HttpResponse:
    """The terms in force, for everybody to read before becoming a user."""
    today = caisse_today(request.caisse)
    current = {kind: in_force(memory.list_published(request.caisse, kind), today) for kind in PARTY_KINDS}
    shown = []
    with tenant_transaction(request.caisse):
        for kind, version in current.items():
            if version is not None:
                text = answering.get_text(version.id, get_language() or "")
                shown.append(
                    {
                        "audience": gettext(AUDIENCES[kind]),
                        "text": text,
                        "whole": show_whole(text.body),
                        "version": version,
                    }
                )
    return render(request, "web/terms.html", {"shown": shown, **_others(request)})


def _others(request: PortalRequest) -> dict[str, list[dict[str, str]]]:
    """Return the platforms whose rules hold beside the terms, and who handles data on the caisse's behalf."""
    platforms = configuration.get(request.caisse, TermsSection).platforms
    processors = configuration.get(request.caisse, LegalSection).processors
    return {
        "platforms": [
            {"name": one.name, "address": one.address, "purpose": choose_text(one.purposes)} for one in platforms
        ],
        "processors": [
            {"name": one.name, "country": one.country, "purpose": choose_text(one.purposes)} for one in processors
        ],
    }
