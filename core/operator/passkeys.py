"""An operator's passkeys in the database: kept, used up answer by answer, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from core.accounts.factors.webauthn import CHALLENGE_VALID
from core.kernel import clock
from core.operator.audit import record_act
from core.operator.errors import PasskeyKnown, PasskeyUnusable
from core.operator.models import SpentChallenge
from core.operator.policies import actor_of
from core.operator.sessions import PASSKEY_LEVEL
from tenants.models import Operator, OperatorPasskey

if TYPE_CHECKING:
    from core.accounts.factors.webauthn import NewPasskey

LONGEST_LABEL = 100


def spend_challenge(digest: bytes) -> bool:
    """Use a challenge up; of any number of answers to it one succeeds."""
    _row, first = SpentChallenge.objects.get_or_create(
        digest=digest, defaults={"expires_at": clock.now() + 2 * CHALLENGE_VALID}
    )
    return first


def spend_assertion(passkey: OperatorPasskey, *, digest: bytes, sign_count: int) -> bool:
    """Accept an answer once, while its owner is active and if the authenticator's counter has not gone back.

    A counter that went back is the sign of a copied key: it is refused and written down.
    """
    if not spend_challenge(digest):
        return False
    ahead = Q(sign_count__lt=sign_count) if sign_count else Q(sign_count=0)
    # No join: an update looks again only at conditions on its own row (see core.operator.enrolment).
    active = Operator.objects.filter(state=Operator.States.ACTIVE).values("pk")
    live = OperatorPasskey.objects.filter(pk=passkey.pk, operator_id__in=active)
    if live.filter(ahead).update(sign_count=sign_count, last_used_at=clock.now()):
        return True
    if live.exists():
        record_act(
            actor=actor_of(passkey.operator, PASSKEY_LEVEL), action="passkey_copied", about=passkey.operator,
            data={"label": passkey.label, "counted": sign_count, "known": passkey.sign_count},
        )  # fmt: skip
    return False


def keep_passkey(operator: Operator, made: NewPasskey, *, label: str) -> OperatorPasskey:
    """Store a checked passkey. Raises ``PasskeyKnown``, or ``PasskeyUnusable`` for an answer that was used before."""
    if not spend_challenge(made.digest):
        raise PasskeyUnusable
    try:
        with transaction.atomic():
            return OperatorPasskey.objects.create(
                operator=operator,
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                label=label.strip()[:LONGEST_LABEL] or "Passkey",
                created_at=clock.now(),
            )
    except IntegrityError as error:
        raise PasskeyKnown from error
