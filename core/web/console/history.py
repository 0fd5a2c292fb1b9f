"""The history of a section as a page: who, when, why, from when, what changed; each change undone or restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.configuration import configuration
from core.configuration import history as versions
from core.configuration.carrying import carry_stored
from core.kernel.errors import NotFound, RelaisError
from core.web.console.changes import list_changes
from core.web.console.views import kind_of
from core.web.policies import console
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from core.configuration.history import HistoryLine
    from core.configuration.registry import Section
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

_LONGEST_NUMBER = 9


@console
@require_GET
def history(request: PortalRequest, actor: Actor, key: str) -> HttpResponse:
    """Every version, newest first; right after saving, the change can be undone at the top of the page."""
    kind = kind_of(key)
    current = configuration.get_version(request.caisse, kind)
    with tenant_transaction(request.caisse):
        listed = versions.list_history(kind)
    may_change = "administrator" in actor.roles
    latest = listed[0] if listed and listed[0].state in {"in_force", "pending"} else None
    context = {
        "kind": kind,
        "title": gettext(kind.title),
        "lines": list(_lines(kind, listed)),
        "version": current,
        "may_change": may_change,
        "just_saved": latest if may_change and "saved" in request.GET else None,
    }
    return render(request, "web/console/history.html", context)


def _lines(kind: type[Section], listed: list[HistoryLine]) -> Iterator[dict[str, Any]]:
    """Yield each version with what it changed against the last one that was not cancelled."""
    before: Section = kind()
    lines = []
    for line in reversed(listed):
        after = configuration.revive(kind, line.version.value)
        lines.append(
            {
                "version": line.version,
                "state": line.state,
                "cancelled": line.cancelled,
                "changes": list_changes(before, after),
                "value": carry_stored(kind, line.version.value),
            }
        )
        before = before if line.state == "cancelled" else after
    yield from reversed(lines)


@console
@require_POST
def undo(request: PortalRequest, actor: Actor, key: str) -> HttpResponse:
    """Take a change back with one click; where that is not possible any more, say why."""
    kind, number = kind_of(key), request.POST.get("version", "")
    if "administrator" not in actor.roles or not number.isdecimal() or len(number) > _LONGEST_NUMBER:
        raise NotFound
    try:
        with tenant_transaction(request.caisse):
            reason = gettext("Version %(number)s undone") % {"number": number}
            versions.undo_change(actor=actor, kind=kind, version=int(number), reason=reason)
    except NotFound:
        raise
    except RelaisError as error:
        messages.error(request, gettext(error.message) % error.params)
    else:
        messages.success(request, gettext("Undone: what held before holds again."))
    return redirect("console_history", key=key)
