"""The console's page of all dated figures: what holds when, by which source, and what is still to be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.accounts.policy import caisse_today
from core.configuration import configuration
from core.configuration.figures import list_own
from core.configuration.sections import LocaleSection
from core.parameters import book
from core.web.policies import console

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@console
@require_GET
def show(request: PortalRequest, _actor: Actor) -> HttpResponse:
    """Every figure by its name, the caisse's own values first, as they are looked up."""
    jurisdiction = configuration.get(request.caisse, LocaleSection).jurisdiction
    own, today = set(list_own(request.caisse)), caisse_today(request.caisse)
    listed = sorted(book.list_parameters(jurisdiction, caisse=request.caisse), key=lambda one: one.key)
    lines, decided = [], set()
    for one in listed:
        # Of the values that hold today the first one counts, as in every computation.
        holds = one.is_valid_on(today) and one.key not in decided
        decided |= {one.key} if holds else set()
        lines.append({"figure": one, "own": one in own, "holds": holds})
    return render(request, "web/console/figures.html", {"lines": lines, "jurisdiction": jurisdiction})
