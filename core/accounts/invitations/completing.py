"""The last step of an enrolment: a proved second factor uses the activation up and makes the account usable, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from core.accounts import codes
from core.accounts.invitations import agreeing, naming, tries
from core.accounts.invitations.activation import PURPOSE
from core.accounts.invitations.email import is_in_use
from core.accounts.invitations.errors import ActivationTaken, EmailInUse, TermsTextChanged
from core.accounts.invitations.opening import actor_of, note, open_rows
from core.accounts.invitations.sending import BLANK
from core.accounts.invitations.steps import is_named_later, may_go_without_email
from core.accounts.models import Activation, User
from core.accounts.models.people import normalise_sign_in_name
from core.kernel import clock
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.accounts.factors.first import Keep
    from core.accounts.invitations.tries import SentCode
    from tenants.scope import CaisseRef


def complete_activation(*, caisse: CaisseRef, activation: Activation, sent: SentCode, typed: str) -> User:
    """Evaluate the code by SMS; a right one uses the activation up and makes the account usable.

    The try is counted whatever comes of it. Raises ``code_wrong``, ``code_spent``, ``sign_in_locked``,
    ``email_in_use``, ``terms_text_changed``, or ``activation_taken`` where somebody was quicker with the same code.
    """
    with tenant_transaction(caisse):
        verdict, check = tries.evaluate(activation, PURPOSE, sent, typed)
        mobile = codes.find_subject(sent.id)
        refusal = _use(activation, _Proved(mobile=mobile)) if check.outcome == "accepted" else None
    tries.refuse(verdict, check)
    if refusal is not None:
        raise refusal
    return _reload(caisse, activation)


def complete_with_factor(*, caisse: CaisseRef, activation: Activation, keep: Keep) -> User:
    """Use the activation up with a second factor that needs no SMS, and keep that one, in one commit.

    Raises ``email_in_use``, ``terms_text_changed``, ``activation_taken``, and what ``keep`` raises.
    """
    with tenant_transaction(caisse):
        refusal = _use(activation, _Proved(keep=keep))
    if refusal is not None:
        raise refusal
    return _reload(caisse, activation)


@dataclass(frozen=True, slots=True)
class _Proved:
    """The second factor at the end: the number that the code went to, or what keeps another factor."""

    mobile: str = ""
    keep: Keep | None = None

    @property
    def columns(self) -> dict[str, object]:
        return {"mobile": self.mobile, "mobile_confirmed_at": clock.now()} if self.mobile else {}


def _reload(caisse: CaisseRef, activation: Activation) -> User:
    with tenant_transaction(caisse):
        return User.objects.get(id=activation.user_id)


def _use(activation: Activation, proved: _Proved) -> Exception | None:
    """Use the activation up and hand what it kept over to the user; return why it could not be.

    The number is the one that the code went to: at another screen a different one may have been
    entered since. The count of the try commits either way.
    """
    try:
        with transaction.atomic():
            _make_usable(activation, proved)
            if proved.keep is not None:
                proved.keep(actor_of(activation))
    except IntegrityError:
        return _forget_email(activation)
    except (ActivationTaken, TermsTextChanged) as error:
        return error
    note(activation, "activation_completed")
    return None


def _make_usable(activation: Activation, proved: _Proved) -> None:
    now = clock.now()
    rows = open_rows(activation).filter(mobile=proved.mobile) if proved.mobile else open_rows(activation)
    kept = rows.exclude(password="").select_for_update().first()
    if kept is None or not open_rows(activation).update(used_at=now, address=[], **BLANK):
        raise ActivationTaken
    made = User.objects.filter(id=activation.user_id, state="invited").update(
        **_entered(kept),
        **proved.columns,
        password=kept.password,
        password_changed_at=now,
        password_must_change=False,
        state="active",
        state_changed_at=now,
    )
    if not made:
        raise ActivationTaken
    agreeing.write_answer(user=User.objects.get(id=activation.user_id), agreed=kept.agreed)


def _entered(kept: Activation) -> dict[str, str]:
    """Return what she gave of herself; staff give nothing, since their administrator has entered it."""
    if kept.kind == "staff":
        return {}
    values = {"given_name": kept.given_name, "family_name": kept.family_name, "language": kept.language}
    if kept.email and kept.email_confirmed_at is not None:
        values["contact_email"] = kept.email
        if not may_go_without_email(kept.user):
            values["sign_in_name"] = normalise_sign_in_name(kept.email)
    if is_named_later(kept.user):
        values["sign_in_name"] = naming.name_delegate(user=kept.user, family_name=kept.family_name)
    return values


def _forget_email(activation: Activation) -> Exception:
    """Say what kept the account from being made: somebody else took the address since it was proven."""
    address = open_rows(activation).values_list("email", flat=True).first() or ""
    if is_in_use(activation.user, address):
        open_rows(activation).update(email="", email_confirmed_at=None)
        return EmailInUse()
    return ActivationTaken()
