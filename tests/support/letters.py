"""Insured persons by the dozen, a campaign for them, and its file as the printer gets it."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader

from core.accounts.models import Party
from core.kernel import clock
from core.letters.choosing import Selection
from core.letters.models import Campaign
from core.letters.services import fetch_file, start_campaign
from core.outbox.services import drain
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from tenants.scope import CaisseRef

CODE = re.compile(r"\b[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}\b")
EVERYBODY = Selection(kinds=("insured",))


def make_insured(count: int, *, first: int = 1, **values: Any) -> list[Party]:
    """Make insured persons with an address, within the open scope."""
    defaults = {"kind": "insured", "street": "Rue du Lac 3", "postcode": "1700", "town": "Fribourg", "country": "CH"}
    return Party.objects.bulk_create(
        Party(**{**defaults, "name": f"Paula Rente {n}", "number": f"P-{n:06}", "created_at": clock.now(), **values})
        for n in range(first, first + count)
    )


def begin(caisse: CaisseRef, actor: Actor, selection: Selection = EVERYBODY, **values: Any) -> Campaign:
    """Ask for letters."""
    with tenant_transaction(caisse):
        return start_campaign(actor=actor, selection=selection, **{"name": "Rentiers", **values})


def make(caisse: CaisseRef, actor: Actor, selection: Selection = EVERYBODY, **values: Any) -> Campaign:
    """Ask for letters and have them made."""
    campaign = begin(caisse, actor, selection, **values)
    drain(caisse=caisse)
    with tenant_transaction(caisse):
        return Campaign.objects.get(id=campaign.id)


def read_pages(caisse: CaisseRef, actor: Actor, campaign: Campaign) -> list[str]:
    """Return the text of every page of the campaign's file."""
    content = b"".join(fetch_file(actor=actor, caisse=caisse, campaign_id=campaign.id))
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def read_codes(pages: list[str]) -> list[str]:
    """Return the code of each page."""
    return [CODE.findall(page)[0] for page in pages]
