"""Asking for access, and what the administrators of the company answer.

Who asks for a company by its number reads the same whether there is such a company or not: a refusal looks
like silence until all requests lapse, counts as one that waits, and who is told is found out after the commit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from core.accounts.memberships import guard
from core.accounts.memberships.errors import RequestAnswered, RequestEmpty, RequestWaits, TooManyRequests
from core.accounts.memberships.place import difference, place_of
from core.accounts.memberships.selectors import in_state
from core.accounts.memberships.services import access_company, add_member, check_end, note, refusal, say_change
from core.accounts.memberships.telling import tell, tell_administrators, tell_person
from core.accounts.memberships.wording import name_action, name_themes
from core.accounts.models import AccessRequest, Mandate, Membership, Party, User
from core.accounts.policy import caisse_today, offered_themes
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import NotFound
from core.outbox import handlers
from core.outbox.services import enqueue
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from core.accounts.memberships.place import MemberPlace
    from core.outbox.handlers import Job

MOST_WAITING, MOST_REFUSED = 5, 3
REFUSED_DAYS, LAPSE_DAYS = 30, 60
LONGEST_NOTE = 300
ASKED = "accounts.access_asked"
_JOINABLE = ("employer", "self_employed", "agent")


def ask_to_join(*, actor: Actor, user: User, number: str, why: str = "") -> AccessRequest:
    """Ask the company of this number for access; the same comes back where there is none.

    Raises ``access_request_empty``, ``access_request_waits``, ``too_many_access_requests``.
    """
    typed = " ".join(number.split())[:40]
    if not typed:
        raise RequestEmpty
    _check_patience(user)
    if AccessRequest.objects.filter(_silent(), user=user, number=typed).exists():
        raise RequestWaits
    party = Party.objects.filter(number=typed, kind__in=_JOINABLE).exclude(state="ended").first()
    made = _keep(AccessRequest(user=user, party=party, number=typed, note=_clean(why), asked_at=clock.now()))
    _note(actor, "access_asked", made)
    enqueue(topic=ASKED, payload={"request_id": str(made.id)})
    return made


def bind() -> None:
    """Tell administrators of who asks by number once it is committed."""
    handlers.register(ASKED, _tell_of_request)


def _tell_of_request(job: Job) -> None:
    with tenant_transaction(job.caisse):
        found = AccessRequest.objects.select_related("user", "party").filter(id=job.payload["request_id"])
        made = found.filter(state="waiting", party__isnull=False).first()
        if made is None or made.party is None or _is_member(made.user, made.party):
            return
        actor = Actor(kind="party", name=made.user.name, user_id=made.user_id)
        tell_administrators(actor=actor, party=made.party, user=made.user, say=lambda: [name_action("access_asked")])


def ask_within(
    *, actor: Actor, user: User, membership_id: UUID, themes: Iterable[str], clients: Iterable[UUID], why: str = ""
) -> AccessRequest:
    """Ask for more in a company in which one is a user: themes, or clients whom it acts for.

    Raises ``not_found`` for a place that is not hers, ``access_request_empty`` where nothing new is asked for,
    ``access_request_waits``, ``too_many_access_requests``.
    """
    today = caisse_today(current_caisse())
    member = (
        Membership.objects.select_related("party")
        .filter(in_state("active", today), id=membership_id, user=user, substitute_for__isnull=True)
        .first()
    )
    if member is None:
        raise NotFound
    slugs, firms = _new_themes(member, themes), _new_clients(member, clients)
    if not slugs and not firms:
        raise RequestEmpty
    _check_patience(user)
    wish = AccessRequest(
        user=user, party=member.party, themes=slugs, clients=firms, note=_clean(why), asked_at=clock.now()
    )
    made = _keep(wish)
    _note(actor, "access_asked", made)
    say = lambda: [name_action("access_asked"), *([name_themes(slugs)] if slugs else [])]  # noqa: E731 -- said once for each reader
    tell_administrators(actor=actor, party=member.party, user=user, say=say, apart={user.id})
    return made


def withdraw_request(*, actor: Actor, user: User, request_id: UUID) -> None:
    """Take back one's own request, also one whose refusal she does not see.

    Raises ``not_found``, ``access_request_answered``.
    """
    made = AccessRequest.objects.filter(id=request_id, user=user).first()
    if made is None:
        raise NotFound
    waiting = AccessRequest.objects.filter(_silent(), id=made.id)
    if not waiting.update(state="withdrawn", answered_at=clock.now(), answered_by=actor.user_id, answer=""):
        raise RequestAnswered
    _note(actor, "access_withdrawn", made)


def list_waiting(viewer: Actor) -> list[AccessRequest]:
    """Return what waits for an answer of the administrators of the viewer's company, oldest first; one query."""
    party = access_company(viewer)
    found = AccessRequest.objects.filter(party=party, state="waiting").select_related("user")
    return list(found.order_by("asked_at", "id")[:200])


def count_waiting(party_id: UUID) -> int:
    """Return how many requests wait in a company."""
    return AccessRequest.objects.filter(party_id=party_id, state="waiting").count()


def list_own(user_id: UUID) -> list[AccessRequest]:
    """Return what somebody has asked for, newest first, as she is to see it: silence where she typed a number."""
    found = list(AccessRequest.objects.filter(user_id=user_id).select_related("party").order_by("-asked_at")[:50])
    for made in found:
        if made.number and made.state == "refused":
            made.answer = ""
            made.state = "waiting" if made.asked_at > _lapsed() else "refused"
    return found


def grant_joining(*, actor: Actor, request_id: UUID, place: MemberPlace) -> Membership:
    """Make the person who asked a user of the company, with what the administrator chose.

    Raises ``not_found``, ``access_request_answered``, ``member_known``, ``member_end_missing``.
    """
    made = _access(actor, request_id)
    party = access_company(actor)
    check_end(place)
    _answer(actor, made, "granted")
    member = add_member(actor=actor, party=party, user=made.user, place=place)
    _note(actor, "access_granted", made)
    return member


def grant_within(*, actor: Actor, request_id: UUID) -> Membership:
    """Give a user what she asked for beside what she has.

    Raises ``not_found`` (also where she is a user no more), ``access_request_answered``, ``member_changed``.
    """
    made = _access(actor, request_id)
    member = (
        Membership.objects.select_related("user", "party")
        .filter(user=made.user, party=made.party, ended_at__isnull=True, substitute_for__isnull=True)
        .first()
    )
    if member is None:
        raise NotFound
    before = place_of(member)
    wanted = replace(
        before,
        themes=None if before.themes is None else tuple(sorted({*before.themes, *made.themes})),
        clients=None if before.clients is None else tuple(sorted({*before.clients, *made.clients})),
    )
    _answer(actor, made, "granted")
    today = caisse_today(current_caisse())
    if not guard.move(member, today, before=before, after=wanted):
        raise refusal(member, today)
    data = difference(before, wanted)
    note(actor, "member_changed", member, data)
    _note(actor, "access_granted", made)
    tell(actor=actor, party=member.party, user=member.user, say=lambda: say_change("access_granted", data))
    return member


def refuse_request(*, actor: Actor, request_id: UUID, why: str = "") -> None:
    """Refuse a request; the person is told with the reason. Raises ``not_found``, ``access_request_answered``.

    Of one who typed a number she learns no more than that it was refused.
    """
    made = _access(actor, request_id)
    reason = _clean(why)
    _answer(actor, made, "refused", reason)
    _note(actor, "access_refused", made)
    if not made.number and made.party is not None:
        say = lambda: [name_action("access_refused"), reason]  # noqa: E731 -- said once for each reader
        tell_person(actor=actor, party=made.party, user=made.user, say=say)


def lapse_requests() -> int:
    """Close what nobody answered for long, whether there is such a company or not; return how many. Repeatable."""
    waiting = AccessRequest.objects.filter(state="waiting", asked_at__lt=_lapsed())
    return waiting.update(state="refused", answered_at=clock.now())


def _access(actor: Actor, request_id: UUID) -> AccessRequest:
    party = access_company(actor)
    made = AccessRequest.objects.select_related("user", "party").filter(id=request_id, party=party).first()
    if made is None:
        raise NotFound
    return made


def _answer(actor: Actor, made: AccessRequest, state: str, why: str = "") -> None:
    waiting = AccessRequest.objects.filter(id=made.id, state="waiting")
    if not waiting.update(state=state, answered_at=clock.now(), answered_by=actor.user_id, answer=why):
        raise RequestAnswered


def _check_patience(user: User) -> None:
    # Locked, so that many at once do not pass together.
    User.objects.select_for_update().get(id=user.id)
    own = AccessRequest.objects.filter(user=user)
    recent = clock.now() - timedelta(days=REFUSED_DAYS)
    refused = own.filter(state="refused", answered_at__gt=recent, number="").count()
    if own.filter(_silent()).count() >= MOST_WAITING or refused >= MOST_REFUSED:
        raise TooManyRequests


def _silent() -> Q:
    """Return the condition of what waits in the eyes of who asked."""
    return Q(state="waiting") | (~Q(number="") & Q(state="refused", asked_at__gt=_lapsed()))


def _lapsed() -> datetime:
    return clock.now() - timedelta(days=LAPSE_DAYS)


def _keep(made: AccessRequest) -> AccessRequest:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise RequestWaits from error
    return made


def _is_member(user: User, party: Party) -> bool:
    return Membership.objects.filter(user=user, party=party, ended_at__isnull=True).exists()


def _new_themes(member: Membership, themes: Iterable[str]) -> list[str]:
    offered = offered_themes(current_caisse(), member.party.number)
    return sorted(slug for slug in set(themes) if slug in offered and slug not in (member.themes or offered))


def _new_clients(member: Membership, clients: Iterable[UUID]) -> list[UUID]:
    if member.clients is None:
        return []
    held = Mandate.objects.filter(acting_party_id=member.party_id, state="accepted", for_party_id__in=list(clients))
    return sorted(set(held.values_list("for_party_id", flat=True)) - set(member.clients))


def _clean(text: str) -> str:
    return " ".join(text.split())[:LONGEST_NOTE]


def _note(actor: Actor, action: str, made: AccessRequest) -> None:
    record(
        actor=actor,
        action=action,
        object_type="access_request",
        object_id=made.id,
        for_party_id=made.party_id,
        data={"user": str(made.user_id)},
    )
