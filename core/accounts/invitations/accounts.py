"""The account of somebody who is invited: it waits for its activation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from core.accounts.models import User
from core.kernel import clock

if TYPE_CHECKING:
    from core.accounts.invitations.person import Person
    from core.kernel.errors import RelaisError


def make_waiting_user(person: Person, *, taken: type[RelaisError], issued_name: str = "") -> User:
    """Make the account, under the person's e-mail or the name issued; raises ``taken`` where somebody was faster."""
    user = User(
        sign_in_name=issued_name or person.sign_in_name,
        contact_email=person.email or None,
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
        raise taken from error
    return user
