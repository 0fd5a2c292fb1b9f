"""The leaflet that tells the staff how to register: in the caisse's colours, with the link and its QR code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.documents.evidence import render
from core.documents.evidence.qr import to_svg
from core.enrolment.section import EnrolmentSection
from core.kernel import clock
from core.messaging.papers import paper_branding
from core.web.languages import NATIVE_NAMES
from tenants.portal import portal_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.web.requests import PortalRequest
    from tenants.scope import CaisseRef


def list_leaflet_languages(caisse: CaisseRef) -> list[tuple[str, str]]:
    """Return the languages in which the caisse's leaflet can be printed, each with its own name."""
    return [(code, NATIVE_NAMES[code]) for code in configuration.get(caisse, LanguagesSection).languages]


def private_link(caisse: CaisseRef, code: str = "") -> str:
    """Return the address of the self-registration, with an employer's code where there is one."""
    base = portal_url(caisse).rstrip("/")
    prefix = reverse("home")
    path = reverse("private_code", args=[code.replace(" ", "")]) if code else reverse("private")
    return f"{base}/{path.removeprefix(prefix)}"


def leaflet_response(
    request: PortalRequest, languages: Sequence[str], *, code: str = "", company: str = ""
) -> HttpResponse:
    """Return the leaflet as a PDF, one page for each language."""
    offered = [one for one, _name in list_leaflet_languages(request.caisse)]
    wanted = [one for one in offered if one in languages] or offered
    content = print_leaflet(request.caisse, wanted, code=code, company=company)
    headers = {"Content-Disposition": 'attachment; filename="leaflet.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def print_leaflet(caisse: CaisseRef, languages: Sequence[str], *, code: str = "", company: str = "") -> bytes:
    """Return the PDF; call it outside any transaction."""
    link = private_link(caisse, code)
    data = {
        "branding": paper_branding(caisse).to_data(),
        "language": languages[0],
        "title": _title(languages[0]),
        "company": company,
        "code": code,
        "link": private_link(caisse).split("://", 1)[-1],
        "qr": to_svg(link),
        "pages": [_page(caisse, one) for one in languages],
    }
    return render.compile_pdf("leaflet.typ", data, at=clock.now())


def _title(language: str) -> str:
    with translation.override(language):
        return gettext("Do your business with the caisse yourself, online")


def _page(caisse: CaisseRef, language: str) -> dict[str, object]:
    own = configuration.get(caisse, EnrolmentSection).leaflet.get(language, "")
    with translation.override(language):
        text = own or gettext(
            "Send proofs and certificates yourself, see your documents and decisions, answer questions of the caisse: "
            "confidentially, without your employer seeing them."
        )
        return {
            "language": language,
            "title": _title(language),
            "text": text,
            "steps": [
                gettext("Scan the code with your telephone, or type the address."),
                gettext("Enter your insurance number, your date of birth and the code."),
                gettext("Choose your e-mail address, a password and a second proof, such as your mobile. That is all."),
            ],
            "code_label": gettext("Code of your employer"),
            "letter": gettext("The code stands in the letter that the caisse sends you."),
            "never": gettext("Nobody at the caisse, and nobody at your company, will ever ask you for your password."),
            "qr_alt": gettext("QR code that leads to the registration"),
        }
