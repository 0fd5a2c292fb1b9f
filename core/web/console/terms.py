"""The console's pages for the terms of use: their versions, one version's texts, who has answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from core.accounts.policy import caisse_day, caisse_today
from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import RelaisError
from core.terms import drafting, overview
from core.terms.differences import compare
from core.terms.models import Version
from core.web.languages import NATIVE_NAMES
from core.web.policies import console
from core.web.views.downloads import list_workbook
from core.web.views.terms import AUDIENCES
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

FIELDS = ("title", "summary", "body")
LONGEST_GRACE = 365


@console
@require_http_methods(["GET", "POST"])
def index(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Every version by kind of party; a new one is begun here."""
    if request.method == "POST":
        audience = request.POST.get("audience", "")
        _check_may_change(actor, known=audience in AUDIENCES)
        with tenant_transaction(request.caisse):
            draft = drafting.start_draft(actor=actor, audience=audience)
        return redirect("console_terms_version", draft.id)
    with tenant_transaction(request.caisse):
        listed = overview.list_versions()
    today = caisse_today(request.caisse)
    groups = [
        {
            "audience": kind,
            "title": gettext(title),
            "lines": [_line(one, today) for one in listed if one.version.audience == kind],
        }
        for kind, title in AUDIENCES.items()
    ]
    return render(request, "web/console/terms/index.html", {"groups": groups, "may_change": _may_change(actor)})


def _line(one: overview.Line, today: date) -> dict[str, Any]:
    waits = one.version.state == "published" and one.version.valid_from is not None and one.version.valid_from > today
    return {"one": one, "waits": waits}


@console
@require_http_methods(["GET", "POST"])
def version(request: PortalRequest, actor: Actor, version_id: UUID) -> HttpResponse:
    """One version: its texts in every language, what they change, and its publication."""
    with tenant_transaction(request.caisse):
        found = drafting.access_version(actor, version_id)
    if request.method == "POST":
        _check_may_change(actor)
        return _change(request, actor, found)
    return _show(request, actor, found)


def _change(request: PortalRequest, actor: Actor, found: Version) -> HttpResponse:
    act = request.POST.get("act", "save")
    try:
        with tenant_transaction(request.caisse):
            if act == "withdraw":
                drafting.withdraw_version(actor=actor, version=found)
            else:
                _save(request, actor, found)
        if act == "publish":
            with tenant_transaction(request.caisse):
                _publish(request, actor, found)
    except (RelaisError, ValueError) as error:
        # What was typed is saved by now, so a refused publication loses nothing.
        messages.error(request, _say(error))
        return redirect("console_terms_version", found.id)
    done = {"save": gettext("Saved."), "publish": gettext("Published."), "withdraw": gettext("Withdrawn.")}
    messages.success(request, done.get(act, done["save"]))
    return redirect("console_terms_version", found.id)


def _say(error: Exception) -> str:
    if isinstance(error, RelaisError):
        return gettext(error.message) % error.params
    return gettext("Give a day, and the days of grace as a number from 0 to 365.")


def _save(request: PortalRequest, actor: Actor, found: Version) -> None:
    for language in _languages(request):
        values = {name: request.POST.get(f"{language}-{name}", "").strip() for name in FIELDS}
        drafting.save_text(actor=actor, version=found, language=language, values=values)


def _publish(request: PortalRequest, actor: Actor, found: Version) -> None:
    grace = int(request.POST.get("grace_days", ""))
    if not 0 <= grace <= LONGEST_GRACE:
        raise ValueError
    drafting.publish_version(
        actor=actor,
        version=found,
        valid_from=date.fromisoformat(request.POST.get("valid_from", "")),
        grace_days=grace,
        asks=request.POST.get("asks") == "yes",
    )


def _show(request: PortalRequest, actor: Actor, found: Version) -> HttpResponse:
    with tenant_transaction(request.caisse):
        texts = {text.language: text for text in found.texts.all()}
        before = overview.find_version_before(found)
        old = {text.language: text.body for text in before.texts.all()} if before else {}
    languages = [
        {
            "code": code,
            "name": NATIVE_NAMES[code],
            "text": texts.get(code),
            "difference": _difference(old.get(code), texts[code].body if code in texts else ""),
        }
        for code in dict.fromkeys([*_languages(request), *texts])
    ]
    today = caisse_today(request.caisse)
    context = {
        "version": found,
        "audience": gettext(AUDIENCES[found.audience]),
        "languages": languages,
        "is_draft": found.state == Version.States.DRAFT,
        "may_change": _may_change(actor),
        "waits": found.state == Version.States.PUBLISHED and found.valid_from is not None and found.valid_from > today,
        "earliest": (today + timedelta(days=1)).isoformat(),
    }
    return render(request, "web/console/terms/version.html", context)


def _difference(old: str | None, new: str) -> list[Any] | None:
    return None if old is None or not new else [part for part in compare(old, new) if part.changed]


@console
@require_GET
def answers(request: PortalRequest, actor: Actor, version_id: UUID) -> HttpResponse:
    """How many have answered a version, and which companies have not accepted it."""
    with tenant_transaction(request.caisse):
        found = drafting.access_version(actor, version_id)
        counts = overview.count_answers(found)
        refusals = overview.list_refusals(found)
        page = overview.list_open_companies(found, cursor=request.GET.get("cursor", ""))
    context = {"version": found, "audience": gettext(AUDIENCES[found.audience]), "counts": counts, "open": page}
    context |= {"refusals": refusals}
    return render(request, "web/console/terms/answers.html", context)


@console
@require_GET
def export(request: PortalRequest, actor: Actor, version_id: UUID) -> HttpResponse:
    """Every answer to a version as a workbook."""
    with tenant_transaction(request.caisse):
        found = drafting.access_version(actor, version_id)
        rows = overview.list_all_answers(found)
    columns = [
        ListColumn(gettext("When"), style="date"),
        ListColumn(gettext("Company"), width=30),
        ListColumn(gettext("Number")),
        ListColumn(gettext("Who"), width=30),
        ListColumn(gettext("Answer")),
        ListColumn(gettext("Language")),
        ListColumn(gettext("Checksum of the text"), width=66),
    ]
    words = {"accepted": gettext("accepted for the company"), "acknowledged": gettext("acknowledged")}
    body = [
        (
            caisse_day(request.caisse, one.at),
            one.party.name,
            one.party.number,
            one.user_name,
            words.get(one.kind, gettext("refused")),
            one.language,
            one.sha256,
        )
        for one in rows
    ]
    return list_workbook(columns, body, title=gettext("Answers"), filename="answers.xlsx")


def _languages(request: PortalRequest) -> tuple[str, ...]:
    return configuration.get(request.caisse, LanguagesSection).languages


def _may_change(actor: Actor) -> bool:
    return "administrator" in actor.roles


def _check_may_change(actor: Actor, *, known: bool = True) -> None:
    if not (_may_change(actor) and known):
        raise Http404
