"""The legal pages of a caisse, open to every visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from core.catalogue import display, document_kinds, offers
from core.configuration import configuration
from core.configuration.sections import CONCERNED, LegalSection, RetentionSection
from core.configuration.sections.retention import STARTS
from core.web.announcements import choose_text
from core.web.policies import public

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.configuration.sections import RetentionRule
    from core.web.requests import PortalRequest
    from tenants.scope import CaisseRef

TEXTS = ("notice", "data_protection")


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
        "accessibility": choose_text(section.accessibility),
        "texts": texts,
        "purposes": [
            {"concerned": gettext(CONCERNED[one.concerned]), "text": choose_text(one.texts)} for one in section.purposes
        ],
        "processors": [{"one": one, "purpose": choose_text(one.purposes)} for one in section.processors],
        "kept": list_kept(request.caisse),
        "links": [{"address": one.address, "name": choose_text(one.names) or one.address} for one in section.links],
    }
    return render(request, "web/legal.html", context)


def list_kept(caisse: CaisseRef) -> list[dict[str, str]]:
    """Return how long what is kept, in words; nothing before the caisse has set it."""
    if not configuration.get_version(caisse, RetentionSection):
        return []
    section = configuration.get(caisse, RetentionSection)
    offered = {one.key for theme in offers.list_open_themes(caisse) for one in theme.message_types}
    names = {key: title for key, title in offers.name_types().items() if key in offered} | document_kinds.name_kept()
    listed = [_kept(gettext(names[rule.what]), rule) for rule in section.rules if rule.what in names]
    general = gettext("Everything else") if listed else gettext("All messages and documents")
    return [*listed, _kept(general, section)]


def _kept(name: str, rule: RetentionRule | RetentionSection) -> dict[str, str]:
    period = display.say_period(rule.total_months)
    return {"name": name, "period": period, "start": gettext(STARTS[rule.starts]), "source": rule.source}
