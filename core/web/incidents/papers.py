"""The receipt of a report as a sealed PDF: made anew whenever it is asked for, from what was written at that moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from core.accounts.incidents.texts import EFFECTS
from core.accounts.policy import caisse_now
from core.documents.evidence import signing
from core.documents.evidence.notices import Letter, render_notice_pdf
from core.messaging.papers import paper_branding
from core.web.incidents.wording import describe

if TYPE_CHECKING:
    from core.accounts.models import Incident
    from tenants.scope import CaisseRef


def receipt_answer(caisse: CaisseRef, incident: Incident) -> HttpResponse:
    """Return the receipt to download; outside any transaction, ``incident.user`` is read already."""
    pdf = render_receipt(caisse, incident)
    name = f'attachment; filename="{incident.reference}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})


def render_receipt(caisse: CaisseRef, incident: Incident) -> bytes:
    """Return the receipt in the language in which it was reported; the same bytes every time."""
    with translation.override(incident.language):
        at = caisse_now(caisse, incident.reported_at)
        letter = Letter(
            title=gettext("Receipt of a report"),
            language=incident.language,
            at=incident.reported_at,
            facts=(
                (gettext("Reference"), incident.reference),
                (gettext("Received"), f"{date_format(at, 'DATE_FORMAT')}, {at:%H:%M:%S} ({at.tzname()})"),
                (gettext("What was reported"), describe(incident)["title"]),
                (gettext("Whose access"), f"{incident.user.name} ({incident.user.sign_in_name})"),
                (gettext("Reported"), describe(incident)["proof"]),
                (gettext("Sign-ins ended"), str(incident.ended_sessions)),
                (gettext("Accesses of programs ended"), str(incident.ended_tokens)),
            ),
            paragraphs=(
                gettext(EFFECTS[incident.blocked]),
                gettext(
                    "The time above is the caisse's own clock at the moment at which the report took effect. Keep this "
                    "paper: it shows from when on acts under this access are not yours."
                )
                if incident.blocked
                else "",
                gettext("Nobody at the caisse will ever ask you for your password or for a code."),
            ),
        )
    return render_notice_pdf(letter, branding=paper_branding(caisse), key=signing.get_keyring().active)
