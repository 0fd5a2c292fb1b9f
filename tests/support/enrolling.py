"""An insured person who waits for her access, and her way through the steps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from core.accounts.invitations import send_activation
from core.accounts.invitations.steps import WAITING
from core.accounts.models import User
from core.kernel import clock
from core.kernel.identifiers import new_id
from tenants.scope import tenant_transaction
from tests.support.invitations import MOBILE, PASSWORD, read_code, read_newest
from tests.support.people import make_mandate, make_member, make_party
from tests.support.people import read_code as read_sms

if TYPE_CHECKING:
    from django.test import Client

    from core.kernel.actors import Actor
    from tenants.scope import CaisseRef

STREET = ("Rue du Lac 3", "1700 Fribourg")
SIX_DIGITS = re.compile(r"\b\d{6}\b")


def wait_for_letter(caisse: CaisseRef, actor: Actor, *, kind: str = "person", **values: Any) -> tuple[User, str]:
    """Make somebody who acts for a party and has no access yet, send her a letter; return her and the code."""
    with tenant_transaction(caisse):
        party = make_party("Paula Rente", kind="insured" if kind == "person" else "employer")
        defaults = {"sign_in_name": f"{WAITING}{new_id()}", "given_name": "Paula", "family_name": "Rente"}
        user = User(**{**defaults, "state": "invited", "created_at": clock.now(), **values})
        user.set_unusable_password()
        user.save()
        make_mandate(party)
        make_member(user, party)
        send_activation(actor=actor, user=user, kind=kind, by="letter", address=STREET)
    return user, read_code(caisse, "letter")


def read_mail_code(caisse: CaisseRef) -> str:
    """Return the code in the newest mail."""
    return SIX_DIGITS.findall(read_newest(caisse)["text"])[0]


def walk(caisse: CaisseRef, browser: Client, code: str, *, until: str = "", **more: str) -> None:
    """Walk through the steps before ``until``, all but the last where nothing is named."""
    mail = more.pop("email", "paula@example.ch")
    steps = {
        "begin": lambda: browser.post("/activate/", {"code": code}),
        "email": lambda: browser.post("/activate/email/", {"email": mail}),
        "email_code": lambda: browser.post("/activate/email/confirm/", {"code": read_mail_code(caisse)}),
        "names": lambda: browser.post(
            "/activate/names/", {"given_name": "Paula", "family_name": "Rente", "language": "de", **more}
        ),
        "password": lambda: browser.post("/activate/password/", {"password": PASSWORD, "again": PASSWORD}),
        "mobile": lambda: browser.post("/activate/mobile/", {"mobile": MOBILE}),
    }
    for step, post in steps.items():
        if step == until:
            return
        answer = post()
        assert (step, answer.status_code, answer.headers.get("Location")) == (step, 302, "/activate/")


def finish(caisse: CaisseRef, browser: Client) -> Any:
    """Type the code by SMS."""
    return browser.post("/activate/confirm/", {"code": read_sms(caisse)})
