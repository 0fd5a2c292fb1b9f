"""Reading the codes that invited people receive, as they read them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.accounts.invitations import invite_staff
from core.outbox.services import drain
from tenants.scope import tenant_transaction

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
    drain(caisse=caisse)
    kept = [json.loads(path.read_text()) for path in Path(settings.DEV_OUTBOX_FOLDER).glob("*.json")]
    return max((one for one in kept if one["kind"] == kind), key=lambda one: one["at"])


def read_code(caisse: CaisseRef, kind: str = "mail") -> str:
    """Return the code in the newest mail or letter."""
    return CODE.findall(read_newest(caisse, kind)["text"])[0]
