"""Recording what came by letter, phone or mail on a party's behalf."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import Party
from core.catalogue import offers
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.kernel import clock
from core.kernel.errors import InvalidInput, NotPermitted, RelaisError
from core.messaging import access, drafts, files, findings, jobs, presentation, rows, sending
from core.messaging import desk as services
from core.messaging.jobs import invalidate
from core.web import fields
from core.web.policies import desk
from core.web.views.mailbox import describe_findings, row_table, shown
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.messaging.models import Message
    from core.web.requests import PortalRequest

CHANNELS = ("letter", "phone", "mail")


class PartyUnknown(InvalidInput):
    """No party has this number."""

    code = "party_unknown"


class ReceivedWhen(InvalidInput):
    """Say on which day it arrived; the day cannot lie in the future."""

    code = "received_when"


@desk
@require_http_methods(["GET", "POST"])
def begin(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Say for whom, what kind, how and when it came."""
    refusal = ""
    if request.method == "POST":
        try:
            with tenant_transaction(request.caisse):
                draft = _begin(request, actor)
        except InvalidInput as error:
            refusal = gettext(error.message)
        else:
            return redirect("desk_record_write", message_id=draft.id)
    types = [one for one in offers.list_startable_types(request.caisse, "party") if actor.may_act(one.theme)]
    context = {
        "types": [(one.key, gettext(one.title)) for one in types],
        "channels": [("letter", gettext("Letter")), ("phone", gettext("Telephone")), ("mail", gettext("E-mail"))],
        "typed": request.POST,
        "refusal": refusal,
        "today": _today(request),
    }
    return render(request, "web/desk/record.html", context, status=422 if refusal else 200)


def _today(request: PortalRequest) -> date:
    return clock.today(configuration.get(request.caisse, LocaleSection).time_zone)


def _begin(request: PortalRequest, actor: Actor) -> Message:
    party = Party.objects.filter(number=request.POST.get("number", "").strip()).exclude(number="").first()
    if party is None:
        raise PartyUnknown
    try:
        received_on = date.fromisoformat(request.POST.get("received_on", ""))
    except ValueError:
        raise ReceivedWhen from None
    if received_on > _today(request):
        raise ReceivedWhen
    channel = request.POST.get("channel", "")
    return services.start_record(
        actor=actor,
        message_type=offers.get_offered_type(request.caisse, request.POST.get("type", "")),
        party_id=party.id,
        channel=channel if channel in CHANNELS else "letter",
        received_on=received_on,
    )


@desk
@require_http_methods(["GET", "POST"])
def write(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Entries, rows and the scan of what was received."""
    if request.method == "POST":
        return _save(request, actor, message_id)
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        context = _writing(found)
    return render(request, "web/desk/record_write.html", context)


def _writing(found: Message) -> dict[str, Any]:
    language = get_language() or "fr"
    has_rows = rows.has_rows(found)
    blocking, unjustified = findings.count_open_findings(found)
    checked = found.checked_revision == found.revision
    return {
        **shown(found),
        "form": fields.build_form(presentation.type_of(found).declaration, found.payload),
        "has_rows": has_rows,
        "rows": row_table(found, rows.list_rows(found), language) if has_rows else None,
        "new_row": fields.build_form(rows.row_class(found), {}) if has_rows else None,
        "checked": checked,
        "findings": describe_findings(found, findings.list_findings(found)) if checked else [],
        "may_finish": checked and not blocking and not unjustified,
        "job": jobs.get_last_job(found),
    }


def _save(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    upload = request.FILES.get("file")
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        model = presentation.type_of(found).declaration
        entries = fields.canonical_entries(model, fields.read_form(model, request.POST))
        found = drafts.save_draft(actor=actor, message=found, revision=found.revision, payload=entries)
    if upload:
        files.receive_file(caisse=request.caisse, actor=actor, message=found, upload=upload, purpose="scan")
    with tenant_transaction(request.caisse):
        if rows.has_rows(found):
            jobs.request_check(actor=actor, message=found)
        else:
            jobs.check_now(actor=actor, message=found)
    messages.success(request, gettext("Entries kept and checked."))
    return redirect("desk_record_write", message_id=found.id)


@desk
@require_POST
def add_row(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Add a row."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        rows.add_row(message=found, entries=fields.read_form(rows.row_class(found), request.POST))
        invalidate(actor=actor, message=found, revision=found.revision)
    return redirect("desk_record_write", message_id=found.id)


@desk
@require_POST
def finish(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Put it into the party's Sent."""
    try:
        with tenant_transaction(request.caisse):
            found = access.access_message(actor, message_id)
            sending.record_message(actor=actor, message=found, revision=found.revision, language=found.party.language)
    except NotPermitted:
        raise
    except RelaisError as error:
        messages.error(request, gettext(error.message) % error.params if error.params else gettext(error.message))
        return redirect("desk_record_write", message_id=message_id)
    messages.success(request, gettext("Recorded. It stands in the party's Sent."))
    return redirect("desk_message", message_id=message_id)
