"""Sending the code that makes an account usable: by mail or letter, each time a new one; the earlier stops working."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.formats import date_format

from core.accounts.invitations.codes import VALID_DAYS, hash_code, make_code
from core.accounts.invitations.errors import EmailMissing, NothingToReissue
from core.accounts.invitations.person import clean_address
from core.accounts.invitations.texts import ACCESS_BY_LETTER, ACCESS_BY_MAIL, BY_LETTER, BY_MAIL
from core.accounts.models import Activation, User
from core.accounts.policy import caisse_now
from core.audit.services import record
from core.kernel import clock
from core.notices.services import print_letter, send_mail
from tenants.portal import portal_url
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from core.kernel.actors import Actor

# Who is invited: one of the caisse's own people, a user of a party, an insured person.
Kind = Literal["staff", "member", "person"]
Way = Literal["mail", "letter"]


@dataclass(frozen=True, slots=True)
class Invitation:
    """What was sent to whom. The code itself is only on its way to the person, and nowhere else.

    Somebody who could sign in before was told without a code: then there is no activation, and no end of it.
    """

    user_id: UUID
    activation_id: UUID | None
    way: Way
    expires_at: datetime | None


def send_activation(*, actor: Actor, user: User, kind: Kind, by: Way, address: Sequence[str] = ()) -> Invitation:
    """Send somebody who waits for her access a new code; the earlier one stops working at once.

    Within the caller's scope and under the caller's check of rights. ``address`` holds the lines of a letter
    below the name; left out, it goes where the last one went. Raises ``nothing_to_reissue`` for who has
    activated, ``address_incomplete``, ``email_missing``.
    """
    if user.state != "invited":
        raise NothingToReissue
    lines = clean_address(address or _last_address(user, kind)) if by == "letter" else []
    row, code = create_activation(actor=actor, user=user, kind=kind, way=by, address=lines)
    _hand_over(user, row, code)
    record(actor=actor, action="invitation_sent", object_type=object_type(kind), object_id=user.id, data={"by": by})
    return Invitation(user.id, row.id, by, row.expires_at)


def create_activation(
    *, actor: Actor, user: User, kind: Kind, way: Way, address: Sequence[str] = ()
) -> tuple[Activation, str]:
    """Make a code without sending it; return its row and the code, which exists nowhere else.

    Raises ``nothing_to_reissue`` where a colleague made one at the same moment.
    """
    revoke_invitation(actor=actor, user_id=user.id)
    now, code = clock.now(), make_code()
    try:
        with transaction.atomic():
            row = Activation.objects.create(
                kind=kind,
                user=user,
                code_hash=hash_code(code),
                way=way,
                address=list(address),
                created_at=now,
                created_by=actor.user_id,
                expires_at=now + timedelta(days=VALID_DAYS),
            )
    except IntegrityError as error:
        raise NothingToReissue from error
    return row, code


def revoke_invitation(*, actor: Actor, user_id: UUID) -> bool:
    """Make the open codes of a person useless, within the caller's scope; whether there was one. Repeatable."""
    found = Activation.objects.filter(user_id=user_id, used_at__isnull=True, revoked_at__isnull=True)
    return bool(found.update(revoked_at=clock.now(), revoked_by=actor.user_id, **BLANK))


# What an enrolment has entered so far, emptied.
BLANK: dict[str, object] = {
    "password": "",
    "mobile": "",
    "email": "",
    "given_name": "",
    "family_name": "",
    "language": "",
    "agreed": {},
}


def object_type(kind: str) -> str:
    """Return under what the audit trail keeps acts about such a person."""
    return "staff" if kind == "staff" else "user"


def short_address() -> str:
    """Return the address of the page of activation as people type it."""
    return activation_page().split("://", 1)[-1].rstrip("/")


def activation_page() -> str:
    """Return the whole address of the page of activation in the open scope's caisse."""
    return f"{portal_url(current_caisse())}/activate/"


def _last_address(user: User, kind: Kind) -> list[str]:
    last = Activation.objects.filter(user=user, kind=kind, way="letter").order_by("-created_at").first()
    return list(last.address) if last else []


def _hand_over(user: User, row: Activation, code: str) -> None:
    with translation.override(user.language):
        until = date_format(caisse_now(current_caisse(), row.expires_at), "DATE_FORMAT")
    fields = {"name": user.name, "code": code, "until": until}
    own = row.kind == "staff"
    if row.way == "letter":
        print_letter(
            notice=BY_LETTER if own else ACCESS_BY_LETTER,
            address=[user.name, *row.address],
            language=user.language,
            fields=fields | {"address": short_address()},
        )
        return
    send_mail(
        notice=BY_MAIL if own else ACCESS_BY_MAIL,
        to=user.contact_email or _named_mail(user),
        language=user.language,
        fields=fields | {"address": activation_page()},
    )


def _named_mail(user: User) -> str:
    if "@" not in user.sign_in_name:
        raise EmailMissing
    return user.sign_in_name
