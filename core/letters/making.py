"""Making the letters of a campaign: a batch at a time, each once, then all in one file; a kill costs one batch.

A batch is rendered and stored before its rows are written, and the same commit asks for the next one.
Codes whose commit never came are in no row, so they open nothing.
"""

from __future__ import annotations

import secrets
import tempfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce

from core.accounts.invitations.codes import VALID_DAYS, make_code
from core.accounts.names import is_user_number, show_name
from core.accounts.policy import caisse_language
from core.accounts.post import postal_address
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from core.letters import accounts, filing, sheets
from core.letters.models import Campaign, Letter
from core.letters.texts import choose_notice
from core.outbox import handlers
from core.outbox.services import enqueue
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.outbox.handlers import Job
    from tenants.scope import CaisseRef

log = structlog.get_logger(__name__)
TOPIC = "letters.make"
CLEAR = "letters.clear"
BATCH = 250
KEPT_DAYS = 14
_STARTED = Campaign.States.MAKING
_MARK = """
UPDATE core_letters_letter AS letter SET made_at = %s, activation_id = made.code
FROM unnest(%s::uuid[], %s::uuid[]) AS made (letter, code) WHERE letter.id = made.letter
"""


def register() -> None:
    """Bind the effects."""
    handlers.register(TOPIC, make_next, heavy=True)
    handlers.register(CLEAR, clear_due)


def ask_for_next(campaign_id: UUID) -> None:
    """Ask for the next batch, within the open scope."""
    enqueue(topic=TOPIC, payload={"campaign": str(campaign_id)})


def make_next(job: Job) -> None:
    """Make one batch, or the whole file once no letter waits. Repeatable."""
    caisse, campaign_id = job.caisse, UUID(job.payload["campaign"])
    with tenant_transaction(caisse):
        campaign = Campaign.objects.filter(id=campaign_id, state=_STARTED).first()
        letters = _list_waiting(campaign) if campaign else []
    if campaign is None:
        return
    if letters:
        make_batch(caisse=caisse, campaign=campaign, letters=letters)
    else:
        merge_parts(caisse=caisse, campaign=campaign)


def _list_waiting(campaign: Campaign) -> list[Letter]:
    waiting = campaign.letters.filter(made_at__isnull=True, skipped="")
    return list(waiting.select_related("party").order_by("position")[:BATCH])


def make_batch(*, caisse: CaisseRef, campaign: Campaign, letters: Sequence[Letter]) -> None:
    """Render a batch, store it encrypted, then write its rows and ask for the next, in one commit."""
    with tenant_transaction(caisse):
        have_access = accounts.list_with_access([one.party for one in letters])
        addresses = {one.id: postal_address(one.party) for one in letters if one.party_id not in have_access}
        going = [one for one in letters if addresses.get(one.id)]
        names = accounts.plan_names([one.party for one in going])
    made = {one.id: _sheet_of(caisse, campaign, one, addresses[one.id], names[one.party_id]) for one in going}
    key = ""
    if made:
        data = sheets.describe(caisse, list(made.values()), campaign.print)
        key = filing.key_of(caisse, campaign.id, f"{letters[0].position}-{secrets.token_hex(8)}")
        filing.put_sealed(key, BytesIO(sheets.render_many(data)))
    with tenant_transaction(caisse):
        won = _write_batch(campaign, letters, made, names, key)
    if not won and key:
        filing.delete([key])


def _write_batch(
    campaign: Campaign, letters: Sequence[Letter], made: dict[UUID, sheets.Sheet], names: dict[UUID, str], key: str
) -> bool:
    """Write a batch where nobody else was quicker; the guard is how far the campaign had come."""
    open_here = Campaign.objects.filter(id=campaign.id, state=_STARTED, made=campaign.made, skipped=campaign.skipped)
    left_out = len(letters) - len(made)
    parts = [*campaign.parts, key] if key else campaign.parts
    if not open_here.update(made=F("made") + len(made), skipped=F("skipped") + left_out, parts=parts):
        return False
    actor = Actor(kind="clerk", name=campaign.created_by_name, user_id=campaign.created_by)
    going = [one for one in letters if one.id in made]
    users = accounts.make_waiting(actor=actor, parties=[one.party for one in going], names=names)
    rows = accounts.make_activations(
        actor=actor,
        sheets={one.party_id: made[one.id] for one in going},
        users={one.party_id: users[one.party_id] for one in going},
        kinds={one.party_id: accounts.kind_of(one.party) for one in going},
    )
    _mark_made({one.id: rows[one.party_id].id for one in going})
    rest = [one.id for one in letters if one.id not in made]
    Letter.objects.filter(id__in=rest).update(skipped="not_needed")
    ask_for_next(campaign.id)
    return True


def _mark_made(codes: dict[UUID, UUID]) -> None:
    """Note on each letter when it was made and with which code; an update by Django's own way costs ten times that."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [clock.now(), list(codes), list(codes.values())])


def _sheet_of(
    caisse: CaisseRef, campaign: Campaign, letter: Letter, address: tuple[str, ...], name: str
) -> sheets.Sheet:
    party = letter.party
    return sheets.Sheet(
        address=address,
        name=party.name,
        reference=letter.reference,
        code=make_code(),
        language=caisse_language(caisse, party.language),
        notice=choose_notice(campaign.text, party.kind),
        until=clock.now() + timedelta(days=VALID_DAYS),
        login=show_name(name) if is_user_number(name) else "",
    )


def merge_parts(*, caisse: CaisseRef, campaign: Campaign) -> None:
    """Put the pieces into one file and forget them; in files without a name, which vanish with a killed process."""
    if not campaign.parts:
        with tenant_transaction(caisse):
            Campaign.objects.filter(id=campaign.id, state=_STARTED).update(state=Campaign.States.STOPPED)
        return
    key = filing.key_of(caisse, campaign.id, f"all-{secrets.token_hex(8)}")
    with tempfile.TemporaryFile(dir=_scratch()) as whole:
        _merge(campaign.parts, whole)
        whole.seek(0)
        size = filing.put_sealed(key, whole)
    now = clock.now()
    with tenant_transaction(caisse):
        won = Campaign.objects.filter(id=campaign.id, state=_STARTED).update(
            state=Campaign.States.READY,
            file_key=key,
            parts=[],
            size_bytes=size,
            ready_at=now,
            kept_until=now + timedelta(days=KEPT_DAYS),
        )
        if won:
            enqueue(topic=CLEAR, payload={"campaign": str(campaign.id)}, not_before=now + timedelta(days=KEPT_DAYS))
            record(
                actor=Actor.system("letters"),
                action="letters_made",
                object_type="campaign",
                object_id=campaign.id,
                data={"letters": campaign.made, "skipped": campaign.skipped},
            )
    filing.delete(campaign.parts if won else [key])


def _merge(parts: Sequence[str], whole: BinaryIO) -> None:
    from core.letters.joining import Joiner  # noqa: PLC0415 -- a large library, which the web process shall not load

    joiner = Joiner(whole)
    for key in parts:
        with tempfile.TemporaryFile(dir=_scratch()) as piece:
            for chunk in filing.open_sealed(key):
                piece.write(chunk)
            piece.seek(0)
            joiner.add(piece)
    joiner.finish()


def _scratch() -> str:
    folder = Path(settings.DATA_DIR) / "scratch"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return str(folder)


def clear_due(job: Job) -> None:
    """Delete the file of a campaign whose days are over. Repeatable."""
    clear_file(caisse=job.caisse, campaign_id=UUID(job.payload["campaign"]), by=Actor.system("letters"))


def clear_file(*, caisse: CaisseRef, campaign_id: UUID, by: Actor) -> bool:
    """Forget a campaign's file, then delete it; whether it was there. Outside any transaction."""
    with tenant_transaction(caisse):
        found = Campaign.objects.filter(id=campaign_id).values_list("file_key", flat=True).first()
        done = Campaign.objects.filter(id=campaign_id, state=Campaign.States.READY).update(
            state=Campaign.States.CLEARED,
            file_key="",
            cleared_at=Coalesce("cleared_at", clock.now()),
            cleared_by_name=by.name,
        )
        if done:
            record(actor=by, action="letters_file_deleted", object_type="campaign", object_id=campaign_id)
    if done and found:
        filing.delete([found])
    return bool(done)
