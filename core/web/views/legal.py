"""The legal pages of a caisse, open to every visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from core.configuration import configuration
from core.configuration.sections import LegalSection
from core.web.announcements import choose_text
from core.web.policies import public

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest

TEXTS = ("notice", "data_protection", "accessibility", "requirements")


@public
@require_GET
def show(request: PortalRequest) -> HttpResponse:
    """All texts that the caisse has set, one below the other, each with an anchor."""
    section = configuration.get(request.caisse, LegalSection)
    texts = [
        {"name": name, "title": gettext(LegalSection.model_fields[name].title or ""), "text": text}
        for name in TEXTS
        if (text := choose_text(getattr(section, name)))
    ]
    context = {
        "texts": texts,
        "processors": [{"one": one, "purpose": choose_text(one.purposes)} for one in section.processors],
        "links": [{"address": one.address, "name": choose_text(one.names) or one.address} for one in section.links],
    }
    return render(request, "web/legal.html", context)
