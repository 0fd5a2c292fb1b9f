"""Reply texts of the desk: listed, written, and put into a question or a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.catalogue import registry
from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import Conflict, InvalidInput, NotPermitted
from core.messaging import access, desk_replies
from core.web.context import theme_name
from core.web.languages import NATIVE_NAMES
from core.web.policies import desk
from core.web.views.desk_case import in_words, render_case
from core.web.views.desk_queue import list_readable_themes
from core.web.views.downloads import list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.messaging.models import Reply
    from core.web.requests import PortalRequest


@desk
@require_GET
def replies(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The texts of one's themes."""
    with tenant_transaction(request.caisse):
        found = desk_replies.list_replies(actor)
    context = {"replies": [_shown(request, one) for one in found], "may_change": _may_write(actor)}
    return render(request, "web/desk/replies.html", context)


@desk
@require_GET
def export(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The texts of one's themes as a workbook."""
    with tenant_transaction(request.caisse):
        listed = [_shown(request, one) for one in desk_replies.list_replies(actor)]
    columns = [
        ListColumn(gettext("Title"), width=36),
        ListColumn(gettext("Theme"), width=24),
        ListColumn(gettext("Language")),
        ListColumn(gettext("Text"), width=80, wrapped=True),
    ]
    body = [(one["reply"].title, one["theme"], one["language"], one["reply"].text) for one in listed]
    return list_workbook(columns, body, title=gettext("Reply texts"), filename="replies.xlsx")


def _shown(request: PortalRequest, reply: Reply) -> dict[str, Any]:
    return {
        "reply": reply,
        "theme": theme_name(request.caisse, registry.get_theme(reply.theme)),
        "language": NATIVE_NAMES.get(reply.language, reply.language),
    }


def _may_write(actor: Actor) -> bool:
    return any(right.act for right in actor.rights.values())


@desk
@require_http_methods(["GET", "POST"])
def write(request: PortalRequest, actor: Actor, reply_id: UUID | None = None) -> HttpResponse:
    """Write a new text, or change one."""
    refusal, status = "", 200
    with tenant_transaction(request.caisse):
        kept = desk_replies.access_reply(actor, reply_id) if reply_id else None
    typed = {name: getattr(kept, name, "") for name in ("theme", "language", "title", "text")}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        try:
            with tenant_transaction(request.caisse):
                desk_replies.save_reply(actor=actor, reply_id=reply_id, **typed)
        except (InvalidInput, Conflict) as error:
            refusal, status = in_words(error), error.status
        else:
            messages.success(request, gettext("Reply text saved."))
            return redirect("desk_replies")
    offered = configuration.get(request.caisse, LanguagesSection).languages
    context = {
        "kept": kept,
        "typed": typed,
        "refusal": refusal,
        "may_change": actor.may_act(kept.theme) if kept else _may_write(actor),
        "themes": [
            (one.slug, theme_name(request.caisse, one))
            for one in list_readable_themes(request, actor)
            if actor.may_act(one.slug)
        ],
        "languages": [(code, NATIVE_NAMES[code]) for code in offered],
        "merge_fields": [(f"{{{name}}}", gettext(label)) for name, label in desk_replies.MERGE_FIELDS.items()],
    }
    return render(request, "web/desk/reply.html", context, status=status)


@desk
@require_POST
def remove(request: PortalRequest, actor: Actor, reply_id: UUID) -> HttpResponse:
    """Take a text away."""
    with tenant_transaction(request.caisse):
        desk_replies.remove_reply(actor=actor, reply_id=reply_id)
    messages.success(request, gettext("Reply text removed."))
    return redirect("desk_replies")


@desk
@require_POST
def insert(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Put a text, filled in, below what is typed already; nothing is sent yet."""
    into = "text" if request.POST.get("into") == "text" else "question"
    typed = request.POST.copy()
    with tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        if not actor.may_act(found.theme):
            raise NotPermitted
        chosen = request.POST.get(f"reply_{into}", "")
        reply = next((one for one in desk_replies.list_replies_for(found) if str(one.id) == chosen), None)
        if reply:
            text = desk_replies.fill_in(reply, message=found, actor=actor)
            typed[into] = "\n\n".join(filter(None, (typed.get(into, "").strip(), text)))
            typed["title"] = typed.get("title") or reply.title
    error = None if reply else desk_replies.ReplyUnknown()
    return render_case(request, actor, message_id, typed=typed, error=error)
