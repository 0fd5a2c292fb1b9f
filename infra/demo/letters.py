"""The demo's activation letters: a campaign to eight insured persons, of whom some have come further than others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.accounts.invitations.codes import hash_code
from core.accounts.models import Activation, Party, User
from core.accounts.seats import build_staff_actor
from core.kernel import clock
from core.letters.choosing import Selection
from core.letters.models import Campaign
from core.letters.services import mark_returned, start_campaign
from core.outbox.services import drain
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from infra.demo.cast import Cast
    from tenants.scope import CaisseRef

# One code that can be typed at once, since the others stand in the printer's file alone.
CODE = "DEMA DEMA 2026"
_PEOPLE = {
    "7569217076985": ("Paula Favre", "fr"),
    "7561111111113": ("Hans Zbinden", "de"),
    "7562222222224": ("Luisa Bernasconi", "it"),
    "7563333333335": ("Marc Jordan", "fr"),
    "7564444444446": ("Vreni Aebischer", "de"),
    "7565555555557": ("Claude Monney", "fr"),
    "7566666666668": ("Ruth Etter", "de"),
    "7567777777779": ("Jean-Luc Savoy", "fr"),
}
_NAME = "Rentières et rentiers, premier envoi"


def fill(caisse: CaisseRef, cast: Cast) -> None:
    """Make the campaign, once, by the services of everybody; then let some letters be used and come back."""
    with tenant_transaction(caisse):
        if Campaign.objects.exists():
            return
        chief = build_staff_actor(cast.users["gilles"], cast.users["gilles"].staff, caisse=caisse, assurance_level=2)
        numbers = [_party(number, *who) for number, who in _PEOPLE.items()]
        campaign = start_campaign(actor=chief, name=_NAME, selection=Selection(numbers=tuple(numbers)))
    drain(caisse=caisse)
    with tenant_transaction(caisse):
        letters = list(campaign.letters.select_related("activation").order_by("position"))
        codes = [one.activation for one in letters if one.activation is not None]
        mark_returned(actor=chief, references=[letters[4].reference])
        _use(codes[1], days=5)
        _use(codes[2], days=2)
        Activation.objects.filter(id=codes[3].id).update(opened_at=clock.now())
        Activation.objects.filter(id=codes[0].id).update(code_hash=hash_code(CODE))


def _party(number: str, name: str, language: str) -> str:
    defaults = {
        "name": name,
        "language": language,
        "street": "Rue de l’Exemple 12",
        "postcode": "1700",
        "town": "Fribourg",
        "country": "CH",
        "created_at": clock.now(),
    }
    Party.objects.get_or_create(kind="insured", number=number, defaults=defaults)
    return number


def _use(row: Activation, *, days: int) -> None:
    """Let somebody have set her access up some days ago."""
    used = clock.now() + timedelta(days=-days)
    Activation.objects.filter(id=row.id).update(created_at=used - timedelta(days=3), opened_at=used, used_at=used)
    User.objects.filter(id=row.user_id).update(state="active", state_changed_at=used)
