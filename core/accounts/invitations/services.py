"""Inviting the caisse's own people: the account that waits, the code that opens it, its reissue and its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.formats import date_format

from core.accounts.invitations.codes import VALID_DAYS, hash_code, make_code
from core.accounts.invitations.errors import EmailTaken, NothingToReissue, PersonKnown
from core.accounts.invitations.person import Person, Place, check_place, clean_address, clean_person
from core.accounts.invitations.texts import BY_LETTER, BY_MAIL
from core.accounts.models import Activation, StaffMember, User
from core.accounts.policy import caisse_language, caisse_now, caisse_today
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotPermitted
from core.notices.services import print_letter, send_mail
from tenants.portal import portal_url
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from core.kernel.actors import Actor

Way = Literal["mail", "letter"]


@dataclass(frozen=True, slots=True)
class Invitation:
    """What was sent to whom. The code itself is only on its way to the person, and nowhere else."""

    user_id: UUID
    activation_id: UUID
    way: Way
    expires_at: datetime


def invite_staff(
    *,
    actor: Actor,
    given_name: str,
    family_name: str,
    email: str,
    roles: Iterable[str],
    themes: Iterable[str] | None = None,
    language: str = "fr",
    by: Way = "mail",
    address: Sequence[str] = (),
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Invitation:
    """Let somebody work for the caisse: make her account, and send the code that activates it.

    ``email`` is the sign-in name; ``themes`` limits a clerk (None: all); ``address`` holds the lines
    of a letter below the name. Within the caller's scope, so that account and letter come together or not at all.
    By an administrator, or by an operator for a caisse that has no administrator yet. An operator's
    repeat for a person who has not activated sends a new code; the earlier one stops working.
    Raises ``not_permitted``, ``person_known``, ``email_taken``, and for what is entered ``person_incomplete``,
    ``person_email_not_valid``, ``address_incomplete``, ``roles_not_valid``, ``themes_not_valid``,
    ``dates_not_valid``.
    """
    person = clean_person(given_name, family_name, email, caisse_language(current_caisse(), language))
    place = check_place(roles, themes, valid_from or caisse_today(current_caisse()), valid_until)
    lines = clean_address(address) if by == "letter" else []
    _check_may_invite(actor, place)
    known = User.objects.select_related("staff").filter(sign_in_name=person.sign_in_name).first()
    if known is not None and _is_repeat(actor, known):
        return _send(actor, known, by, lines)
    if known is not None and not hasattr(known, "staff"):
        raise EmailTaken
    user = _make_user(person) if known is None else _take_back(known, person)
    StaffMember.objects.update_or_create(user=user, defaults={**place.values, "ended_at": None, "ended_by": None})
    record(
        actor=actor, action="staff_invited", object_type="staff", object_id=user.id, data={**place.in_words, "by": by}
    )
    return _send(actor, user, by, lines)


def reissue_invitation(*, actor: Actor, user_id: UUID, by: Way, address: Sequence[str] = ()) -> Invitation:
    """Send a new code to a person who has not activated yet; the earlier one stops working at once.

    A letter without ``address`` goes where the last one went. Raises ``not_permitted``,
    ``nothing_to_reissue``, ``address_incomplete``.
    """
    check_may_keep_people(actor)
    user = User.objects.filter(id=user_id, state="invited", staff__ended_at__isnull=True, staff__isnull=False).first()
    if user is None:
        raise NothingToReissue
    if by == "mail":
        return _send(actor, user, by, [])
    last = Activation.objects.filter(user=user, way="letter").order_by("-created_at").first()
    return _send(actor, user, by, clean_address(address or (last.address if last else [])))


def revoke_invitation(*, actor: Actor, user_id: UUID) -> bool:
    """Make the open code of a person useless, within the caller's scope; whether there was one. Repeatable."""
    found = Activation.objects.filter(user_id=user_id, used_at__isnull=True, revoked_at__isnull=True)
    return bool(found.update(revoked_at=clock.now(), revoked_by=actor.user_id, password="", mobile=""))


def check_may_keep_people(actor: Actor) -> None:
    """Raise ``not_permitted`` for who is no administrator of the caisse (nor the system)."""
    if actor.kind != "system" and not (actor.is_desk and "administrator" in actor.roles):
        raise NotPermitted


def _check_may_invite(actor: Actor, place: Place) -> None:
    # The operator helps a caisse into its house; once somebody keeps it, she stays outside.
    if actor.kind == "operator" and place.roles == ("administrator",):
        kept = StaffMember.objects.filter(roles__contains=["administrator"], ended_at__isnull=True)
        if not kept.filter(user__state="active").exists():
            return
    check_may_keep_people(actor)


def _is_repeat(actor: Actor, known: User) -> bool:
    staff = getattr(known, "staff", None)
    return actor.kind in {"operator", "system"} and known.state == "invited" and staff is not None


def _make_user(person: Person) -> User:
    user = User(
        sign_in_name=person.sign_in_name,
        contact_email=person.email,
        given_name=person.given_name,
        family_name=person.family_name,
        language=person.language,
        state="invited",
        created_at=clock.now(),
    )
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise PersonKnown from error
    return user


def _take_back(known: User, person: Person) -> User:
    """Invite again somebody whose work here had ended; anybody else of this name is known already."""
    ended = User.objects.filter(Q(staff__ended_at__isnull=False), id=known.id, state="left")
    known.set_unusable_password()
    taken = ended.update(
        state="invited",
        state_changed_at=clock.now(),
        state_reason="",
        password=known.password,
        mobile="",
        mobile_confirmed_at=None,
        given_name=person.given_name,
        family_name=person.family_name,
        language=person.language,
    )
    if not taken:
        raise PersonKnown
    return User.objects.get(id=known.id)


def _send(actor: Actor, user: User, by: Way, lines: list[str]) -> Invitation:
    revoke_invitation(actor=actor, user_id=user.id)
    now, code = clock.now(), make_code()
    try:
        with transaction.atomic():
            row = Activation.objects.create(
                kind="staff",
                user=user,
                code_hash=hash_code(code),
                way=by,
                address=lines,
                created_at=now,
                created_by=actor.user_id,
                expires_at=now + timedelta(days=VALID_DAYS),
            )
    except IntegrityError as error:  # a colleague sent one at the same moment
        raise NothingToReissue from error
    _hand_over(user, row, code)
    record(actor=actor, action="invitation_sent", object_type="staff", object_id=user.id, data={"by": by})
    return Invitation(user.id, row.id, by, row.expires_at)


def _hand_over(user: User, row: Activation, code: str) -> None:
    caisse = current_caisse()
    page = f"{portal_url(caisse)}/activate/"
    with translation.override(user.language):
        until = date_format(caisse_now(caisse, row.expires_at), "DATE_FORMAT")
    fields = {"name": user.name, "code": code, "until": until}
    if row.way == "letter":
        texts = fields | {"address": page.split("://", 1)[-1].rstrip("/")}
        print_letter(notice=BY_LETTER, address=[user.name, *row.address], language=user.language, fields=texts)
    else:
        to = user.contact_email or user.sign_in_name
        send_mail(notice=BY_MAIL, to=to, language=user.language, fields=fields | {"address": page})
