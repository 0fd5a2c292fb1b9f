"""Starting a campaign, fetching its file, marking letters that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from core.accounts.invitations.services import check_may_keep_people
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from core.kernel.identifiers import new_readable_code, normalise_code
from core.letters import filing
from core.letters.choosing import MOST, choose_parties
from core.letters.errors import FileGone, NameMissing, NobodyChosen, TooManyChosen
from core.letters.making import ask_for_next
from core.letters.models import PRINTS, Campaign, Letter
from core.letters.texts import BY_KIND, VARIANTS
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.letters.choosing import Selection
    from tenants.scope import CaisseRef

MOST_FETCHES = 3
LONGEST_NAME = 100
REFERENCE_LENGTH = 9
CHUNK = 500


def start_campaign(
    *, actor: Actor, name: str, selection: Selection, text: str = BY_KIND, size: str = "normal"
) -> Campaign:
    """Write down who gets a letter and ask a worker to make them, within the caller's scope.

    Raises ``not_permitted``, ``name_missing``, ``nobody_chosen``, ``too_many_chosen``.
    """
    check_may_keep_people(actor)
    called = " ".join(name.split())[:LONGEST_NAME]
    if not called:
        raise NameMissing
    chosen = choose_parties(selection)
    if not chosen.party_ids:
        raise NobodyChosen
    if len(chosen.party_ids) > MOST:
        raise TooManyChosen(most=MOST)
    campaign = Campaign.objects.create(
        name=called,
        text=text if text in VARIANTS else BY_KIND,
        print=size if size in PRINTS else "normal",
        selection=selection.to_data(),
        reminder_of_id=selection.reminder_of,
        total=len(chosen.party_ids),
        created_at=clock.now(),
        created_by=actor.user_id,
        created_by_name=actor.name,
    )
    _write_letters(campaign, chosen.party_ids)
    record(
        actor=actor,
        action="letters_started",
        object_type="campaign",
        object_id=campaign.id,
        data={"letters": campaign.total},
    )
    ask_for_next(campaign.id)
    return campaign


def _write_letters(campaign: Campaign, party_ids: Sequence[UUID]) -> None:
    for start in range(0, len(party_ids), CHUNK):
        Letter.objects.bulk_create(
            Letter(campaign=campaign, party_id=party_id, position=position, reference=new_reference())
            for position, party_id in enumerate(party_ids[start : start + CHUNK], start + 1)
        )


def new_reference() -> str:
    """Return what is printed in the window: 45 random bits, nothing of the code, nothing of the person."""
    return new_readable_code(REFERENCE_LENGTH)


def fetch_file(*, actor: Actor, caisse: CaisseRef, campaign_id: UUID) -> Iterator[bytes]:
    """Count and write down a fetching, then yield the file. Outside any transaction.

    Raises ``not_permitted``, ``file_gone`` where it was deleted or fetched too often.
    """
    check_may_keep_people(actor)
    with tenant_transaction(caisse):
        ready = Campaign.objects.filter(id=campaign_id, state=Campaign.States.READY, fetched__lt=MOST_FETCHES)
        if not ready.update(fetched=F("fetched") + 1):
            raise FileGone(most=MOST_FETCHES)
        campaign = Campaign.objects.get(id=campaign_id)
        record(
            actor=actor,
            action="letters_file_fetched",
            object_type="campaign",
            object_id=campaign_id,
            data={"number": campaign.fetched},
        )
    return filing.open_sealed(campaign.file_key)


def mark_returned(*, actor: Actor, references: Iterable[str]) -> tuple[int, list[str]]:
    """Mark letters that came back: their codes stop working. Returns how many, and which references are unknown.

    Repeatable: a letter that was marked before counts as known and changes nothing.
    """
    _check_desk(actor)
    wanted = {normalise_code(text): text for text in references if text.strip()}
    letters = list(Letter.objects.filter(reference__in=wanted, made_at__isnull=False).select_related("activation"))
    now, marked = clock.now(), 0
    for letter in letters:
        marked += _mark_one(actor, letter, now)
    known = {letter.reference for letter in letters}
    return marked, [text for code, text in wanted.items() if code not in known]


def _mark_one(actor: Actor, letter: Letter, now: object) -> bool:
    activation = letter.activation
    if activation is None or activation.used_at is not None:
        return False
    done = Letter.objects.filter(id=letter.id, returned_at__isnull=True).update(
        returned_at=now, returned_by_name=actor.name
    )
    if done:
        type(activation).objects.filter(id=activation.id, used_at__isnull=True, revoked_at__isnull=True).update(
            revoked_at=now, revoked_by=actor.user_id
        )
        record(
            actor=actor,
            action="letter_returned",
            object_type="letter",
            object_id=letter.id,
            for_party_id=letter.party_id,
        )
    return bool(done)


def access_campaign(viewer: Actor, campaign_id: UUID) -> Campaign:
    """Return a campaign for an administrator or auditor; for anybody else it does not exist."""
    found = Campaign.objects.filter(id=campaign_id).first()
    if found is None or not viewer.is_desk or not viewer.roles & {"administrator", "auditor"}:
        raise NotFound
    return found


def _check_desk(actor: Actor) -> None:
    if actor.kind != "clerk" or not actor.roles & {"administrator", "clerk"}:
        raise NotPermitted
