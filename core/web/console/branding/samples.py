"""The real pages of a caisse with sample contents: an employer and her matters that exist nowhere."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext

from core.configuration.rasters import read_png
from core.configuration.speaking import choose_words
from core.documents.evidence import render
from core.documents.evidence.canonical import to_canonical_json
from core.documents.evidence.facts import ReceiptFacts, ReceiptRow
from core.documents.evidence.labels import receipt_labels
from core.documents.evidence.receipts import receipt_page
from core.documents.evidence.seals import SealedReceipt, short_code
from core.kernel import clock
from core.kernel.text import N_
from core.messaging.papers import paper_branding
from core.messaging.states import EVENT_LABELS, State
from core.messaging.telling import QUESTION
from core.web.console.branding.drafts import draft_stylesheet_url
from core.web.context import page
from core.web.links import Link
from core.web.sign_in.names import describe_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.configuration.sections import BrandingSection
    from core.web.context import Page
    from core.web.requests import PortalRequest

_ID = UUID(int=0)
_PERSON = "Camille Modèle"
_EMPLOYER = "Atelier Modèle SA"
_WEEK = timedelta(days=7)
Built = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sample:
    """One page to choose; ``build`` returns its template and what the template reads."""

    label: str
    build: Callable[[PortalRequest, BrandingSection], Built]


def _sign_in(request: PortalRequest, branding: BrandingSection) -> Built:
    return "web/sign_in/password.html", _framed(request, branding, signed_in=False) | {
        "next": "",
        "names": describe_names(request.caisse),
    }


def _dashboard(request: PortalRequest, branding: BrandingSection) -> Built:
    waiting, done = _shown(State.OPEN, gettext("A question about your declaration")), _shown(State.DONE, _title())
    context = {
        "due": [waiting],
        "recent": [waiting, done],
        "types": [{"title": _title(), "summary": gettext("Wages of the year, person by person."), "url": "#"}],
    }
    return "web/portal/dashboard.html", _framed(request, branding) | context


def _message(request: PortalRequest, branding: BrandingSection) -> Built:
    now = clock.now()
    steps = (("sent", _PERSON, 3), ("taken", branding.short_name, 1))
    context = _shown(State.IN_TREATMENT, _title()) | {
        "fields": [{"label": gettext("Year"), "value": str(now.year - 1)}],
        "totals": [{"label": gettext("Persons"), "value": "12"}],
        "events": [
            {"label": gettext(EVENT_LABELS[name]), "actor": who, "at": now - timedelta(days=days), "now": days == 1}
            for name, who, days in steps
        ],
        "receipt": True,
        "ways": {"withdraw"},
    }
    return "web/portal/message.html", _framed(request, branding) | context


def _mail(request: PortalRequest, branding: BrandingSection) -> Built:
    names = {"caisse": branding.name, "party": _EMPLOYER, "link": request.build_absolute_uri("/")}
    context = {
        "sender": branding.name,
        "subject": gettext(QUESTION.subject) % names,
        "text": gettext(QUESTION.body) % names,
        "foot": choose_words(request.caisse, branding.mail_foot, get_language() or ""),
    }
    return "web/console/branding/mail.html", _framed(request, branding, signed_in=False) | context


def _receipt(request: PortalRequest, branding: BrandingSection) -> Built:
    """The receipt as the platform prints it, drawn as a picture: a sandboxed frame shows no PDF."""
    language = get_language() or "fr"
    paper = replace(
        paper_branding(request.caisse),
        name=branding.name,
        colour=branding.accent,
        logo_svg=branding.logo_drawing,
        receipt_texts={language: choose_words(request.caisse, branding.receipt_text, language)},
    )
    sealed = _sealed(request, branding, language)
    data = receipt_page(sealed, branding=paper, labels=receipt_labels(), language=language) | {"attachments": None}
    picture = base64.b64encode(render.compile_picture("receipt.typ", data)).decode()
    return "web/console/branding/receipt.html", _framed(request, branding, signed_in=False) | {"picture": picture}


def _sealed(request: PortalRequest, branding: BrandingSection, language: str) -> SealedReceipt:
    facts = ReceiptFacts(
        caisse_id=str(request.caisse.id),
        caisse_name=branding.name,
        message_id=_ID,
        type_key="sample",
        type_version=1,
        type_title=_title(),
        theme="sample",
        theme_title=gettext("Salary declaration"),
        party_id=_ID,
        party_name=_EMPLOYER,
        sender_name=_PERSON,
        sent_at=clock.now(),
        content_sha256="0" * 64,
        language=language,
        summary=(ReceiptRow("persons", gettext("Persons"), "12"),),
    )
    text = to_canonical_json(facts.to_payload())
    return SealedReceipt(text, b"", "0" * 16, short_code(text))


def _title() -> str:
    return gettext("Annual salary declaration")


def _shown(state: State, title: str) -> dict[str, Any]:
    today = clock.today("UTC")
    message = SimpleNamespace(
        id=_ID,
        party_id=_ID,
        state=state,
        kind="announcement",
        channel="portal",
        due_on=today + _WEEK,
        changed_at=clock.now(),
        row_count=0,
    )
    return {
        "message": message,
        "title": title,
        "reference": "2026-0001",
        "theme": gettext("Salary declaration"),
        "state": gettext(state.label),
        "url": "#",
        "unread": state is State.OPEN,
    }


def _framed(request: PortalRequest, branding: BrandingSection, *, signed_in: bool = True) -> dict[str, Any]:
    """Return the frame of a page under the draft; ``request`` stands in for what templates ask of one."""
    frame: Page = replace(
        page(request)["page"],
        caisse_name=branding.name,
        short_name=branding.short_name,
        stylesheet_url=draft_stylesheet_url(request, branding),
        logo_url=_as_data(branding),
        favicon_url="",
        user_name=_PERSON if signed_in else "",
        current_party=_EMPLOYER if signed_in else "",
        user_links=(),
        desk_links=(),
        boxes=tuple(_boxes()) if signed_in else (),
        themes=(Link(gettext("Salary declaration"), "#", 1),) if signed_in else (),
        announcements=(),
        is_preview=True,
    )
    stand_in = SimpleNamespace(actor=SimpleNamespace(party_id=_ID), get_full_path=lambda: reverse("home"))
    return {"page": frame, "request": stand_in}


def _boxes() -> list[Link]:
    return [Link(gettext("Inbox"), "#", 1, current=True), Link(gettext("Sent"), "#", 3)]


def _as_data(branding: BrandingSection) -> str:
    """Return the logo within the page itself; as an image it can neither run nor load anything."""
    if branding.logo_svg:
        return f"data:image/svg+xml;base64,{base64.b64encode(branding.logo_svg.encode()).decode()}"
    if branding.logo_png:
        return f"data:image/png;base64,{base64.b64encode(read_png(branding.logo_png)).decode()}"
    return ""


SAMPLES = {
    "dashboard": Sample(N_("Start page of an employer"), _dashboard),
    "sign-in": Sample(N_("Sign-in"), _sign_in),
    "message": Sample(N_("A message"), _message),
    "mail": Sample(N_("An e-mail"), _mail),
    "receipt": Sample(N_("A receipt"), _receipt),
}
