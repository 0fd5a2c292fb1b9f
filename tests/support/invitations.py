"""Reading the codes that invited people receive, as they read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from core.accounts.invitations import invite_staff
from tenants.scope import tenant_transaction
from tests.support.outbox import send_out

if TYPE_CHECKING:
    from core.accounts.invitations import Invitation
    from core.kernel.actors import Actor
    from tenants.scope import CaisseRef

CODE = re.compile(r"\b[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}\b")
PASSWORD = "quatre mots tres calmes"
MOBILE = "079 100 20 30"


def invite(caisse: CaisseRef, actor: Actor, name: str = "nora", **values: Any) -> Invitation:
    """Invite somebody as a clerk unless told otherwise."""
    person = {"given_name": name.title(), "family_name": "Nouvelle", "email": f"{name}@caisse.example"}
    with tenant_transaction(caisse):
        return invite_staff(actor=actor, **{**person, "roles": ["clerk"], **values})


def read_newest(caisse: CaisseRef, kind: str = "mail") -> dict[str, Any]:
    """Return the newest mail or letter, as it would have left."""
    return send_out(caisse, kind)[-1]


def read_code(caisse: CaisseRef, kind: str = "mail") -> str:
    """Return the code in the newest mail or letter."""
    return CODE.findall(read_newest(caisse, kind)["text"])[0]
