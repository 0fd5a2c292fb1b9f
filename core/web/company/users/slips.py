"""The slip that a company's administrator prints for a colleague without e-mail: shown once, kept nowhere."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from core.accounts.memberships.on_paper import PRINTED, list_ways
from core.accounts.names import show_name
from core.accounts.passwords import make_provisional_password
from core.accounts.policy import caisse_now
from core.accounts.post import postal_address
from core.enrolment.opening import Credentials
from core.kernel.text import N_
from core.letters import sheets
from core.letters.colleagues import make_sheet
from core.web.enrolment.slips import print_slip
from tenants.portal import portal_url
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from core.accounts.memberships.on_paper import Slip, Way
    from core.accounts.models import Party
    from core.accounts.passwords import Provisional
    from core.web.requests import PortalRequest

WAYS: dict[Way, str] = {
    "mail": N_("A code by e-mail"),
    "letter": N_("A code by letter, to the address below"),
    "code": N_("A slip with a code that I print and hand over"),
    "password": N_("A slip with sign-in name and provisional password that I print and hand over"),
}


def read_slip(posted: QueryDict) -> Way | None:
    """Return which slip is to be printed, None where a code is sent."""
    return next((way for way in WAYS if way in PRINTED and way == posted.get("by")), None)


def prepare_password(way: Way) -> Provisional | None:
    """Return a provisional password where one is to be printed; call it before the transaction opens."""
    return make_provisional_password() if way == "password" else None


def describe_ways(posted: QueryDict, among: list[Way] | None = None) -> dict[str, Any]:
    """Return what the fields of the way show, within an open scope: those that hold here, and which is chosen."""
    ways = list_ways() if among is None else among
    chosen = posted.get("by", "")
    return {"by": chosen if chosen in ways else ways[0], "deliveries": [(way, gettext(WAYS[way])) for way in ways]}


def fill_address(party: Party) -> dict[str, str]:
    """Return the company's own address for the fields of a letter, within an open scope."""
    lines = postal_address(party)
    if not lines:
        return {}
    place = f"{party.postcode} {party.town}".strip()
    return {"extra": party.name, "street": party.street or party.address_extra, "place": place}


def slip_page(request: PortalRequest, slip: Slip) -> HttpResponse:
    """Return the page from which the slip is taken, once: the file lies in the page itself and nowhere else."""
    content = _print_code(request, slip) if slip.by == "code" else _print_password(request, slip)
    context = {
        "member": slip.member,
        "by": slip.by,
        "login": show_name(slip.member.user.sign_in_name),
        "until": slip.until,
        "file": base64.b64encode(content).decode(),
    }
    answer = render(request, "web/company/users/slip.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _print_code(request: PortalRequest, slip: Slip) -> bytes:
    with tenant_transaction(request.caisse):
        sheet = make_sheet(slip.member, code=slip.secret, until=slip.until)
    return sheets.render_pdf(sheets.describe(request.caisse, [sheet], "normal"))


def _print_password(request: PortalRequest, slip: Slip) -> bytes:
    user, caisse = slip.member.user, request.caisse
    with translation.override(user.language):
        until = date_format(caisse_now(caisse, slip.until), "DATE_FORMAT")
    credentials = Credentials(user.name, show_name(user.sign_in_name), slip.secret, until, f"{portal_url(caisse)}/")
    return print_slip(caisse, company=slip.member.party.name, language=user.language, credentials=[credentials])
