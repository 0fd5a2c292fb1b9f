"""Activation: from the typed code to an account that signs in, step by step; what was done is kept in between.

Each step commits on its own. Nothing is used up before the last one, which a guarded UPDATE lets happen once.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password

from core.accounts.errors import PasswordsDiffer
from core.accounts.invitations import agreeing, tries
from core.accounts.invitations.errors import (
    ActivationTaken,
    NamesIncomplete,
    TermsNotTicked,
    TermsTextChanged,
)
from core.accounts.invitations.opening import note, open_rows
from core.accounts.invitations.person import LONGEST_NAME
from core.accounts.invitations.steps import NAMED_LATER, WAITING
from core.accounts.invitations.texts import MOBILE_CODE
from core.accounts.invitations.tries import SentCode
from core.accounts.passwords import check_new_password
from core.accounts.phones import normalise_mobile
from core.accounts.policy import caisse_country, caisse_language, sign_in_policy
from core.kernel import clock
from core.notices.services import send_sms
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.accounts.models import Activation, User
    from tenants.scope import CaisseRef

PURPOSE = "confirm_mobile"


def keep_names(
    *,
    caisse: CaisseRef,
    activation: Activation,
    given_name: str,
    family_name: str,
    language: str,
    ticked: str,
    read_in: str = "",
) -> None:
    """Keep names, language and the acceptance of the terms for the end.

    ``ticked`` is the checksum of the text that she accepted, empty where she did not, ``read_in`` its language.
    Raises ``names_incomplete``, ``terms_not_ticked``, ``terms_text_changed`` where another text holds by now,
    ``activation_taken``.
    """
    names = [" ".join(name.split())[:LONGEST_NAME] for name in (given_name, family_name)]
    if not all(names):
        raise NamesIncomplete
    spoken = caisse_language(caisse, language)
    with tenant_transaction(caisse):
        terms = agreeing.find_terms(caisse=caisse, user=activation.user, language=read_in or spoken)
        if terms is not None and not ticked:
            raise TermsNotTicked
        if terms is not None and ticked != terms.sha256:
            raise TermsTextChanged
        kept = open_rows(activation).update(
            given_name=names[0],
            family_name=names[1],
            language=spoken,
            agreed=terms.named if terms else {},
            named_at=clock.now(),
        )
    if not kept:
        raise ActivationTaken


def choose_password(*, caisse: CaisseRef, activation: Activation, password: str, repeated: str) -> None:
    """Keep the password for the end.

    Raises what ``check_new_password`` raises, ``passwords_differ`` or ``activation_taken``.
    """
    check_new_password(caisse=caisse, password=password, user=as_named(activation))
    if password != repeated:
        raise PasswordsDiffer
    hashed = make_password(password)
    with tenant_transaction(caisse):
        kept = open_rows(activation).update(password=hashed)
    if not kept:
        raise ActivationTaken


def as_named(activation: Activation) -> User:
    """Return her as she has said who she is so far; nothing of it is saved by that.

    Her sign-in name is what a device shows beside its entry: the address that she gave, or her name.
    """
    user = copy(activation.user)
    user.given_name = activation.given_name or user.given_name
    user.family_name = activation.family_name or user.family_name
    user.contact_email = activation.email or user.contact_email
    if user.sign_in_name.startswith((WAITING, NAMED_LATER)):
        user.sign_in_name = user.contact_email or user.name
    return user


def send_mobile_code(*, caisse: CaisseRef, activation: Activation, typed: str, binding: str = "") -> SentCode:
    """Keep the mobile number and send a code there; earlier codes stop working.

    Raises ``mobile_not_valid``, ``sms_number_not_served``, ``sms_budget_spent``, ``sign_in_locked`` when
    too many codes were asked for, or ``activation_taken``.
    """
    mobile = normalise_mobile(typed, caisse_country(caisse))
    tries.count_sending(caisse, activation)
    bound = binding or tries.new_binding()
    with tenant_transaction(caisse):
        if not open_rows(activation).update(mobile=mobile):
            raise ActivationTaken
        issued = tries.issue(caisse, activation, PURPOSE, bound, mobile)
        fields = {"code": issued.code, "minutes": str(sign_in_policy(caisse).code_minutes)}
        language = activation.language or activation.user.language
        send_sms(notice=MOBILE_CODE, to=mobile, language=language, fields=fields, good_until=issued.expires_at)
        note(activation, "code_sent")
    return SentCode(issued.id, bound)
