"""The slip that is handed over at the counter: identifier and provisional password, printed once and kept nowhere."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django.shortcuts import render as render_page
from django.utils import translation
from django.utils.translation import gettext

from core.documents.evidence import render
from core.kernel import clock
from core.messaging.papers import paper_branding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from core.enrolment.models import Application
    from core.enrolment.opening import Credentials
    from core.web.requests import PortalRequest
    from tenants.scope import CaisseRef


def slip_response(request: PortalRequest, application: Application, credentials: Sequence[Credentials]) -> HttpResponse:
    """Return the page from which the slip is taken, once: the file lies in the page itself and nowhere else."""
    content = print_slip(
        request.caisse, company=application.name, language=application.language, credentials=credentials
    )
    context = {
        "application": application,
        "people": [(one.name, one.login) for one in credentials],
        "filename": f"slip-{application.reference}.pdf",
        "file": base64.b64encode(content).decode(),
    }
    answer = render_page(request, "web/enrolment/desk/slip.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def print_slip(caisse: CaisseRef, *, company: str, language: str, credentials: Sequence[Credentials]) -> bytes:
    """Return a PDF with one page for each person; whoever loses it gets a new password."""
    with translation.override(language):
        data = {
            "title": gettext("Your access to the portal"),
            "language": language,
            "branding": paper_branding(caisse).to_data(),
            "company": company,
            "pages": [_page(one) for one in credentials],
            "labels": {
                "login": gettext("Identifier"),
                "password": gettext("Provisional password"),
                "until": gettext("Valid until"),
                "address": gettext("Sign in at"),
                "then": gettext("At the first sign-in you choose a password of your own, which only you know."),
                "never": gettext("Nobody at the caisse will ever ask you for your password."),
            },
        }
    return render.compile_pdf("slip.typ", data, at=clock.now())


def _page(one: Credentials) -> dict[str, str]:
    return {
        "name": one.name,
        "login": one.login,
        "password": one.password,
        "until": one.until,
        "address": one.address.split("://", 1)[-1].rstrip("/"),
    }
