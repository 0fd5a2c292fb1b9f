"""Letting somebody in: account, place within the party, the party's right to act for itself, and the first password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.formats import date_format

from core.accounts.invitations.naming import name_waiting
from core.accounts.invitations.steps import WAITING
from core.accounts.models import Mandate, Membership, User
from core.accounts.models.people import normalise_sign_in_name
from core.accounts.names import COMPANIES, company_name, issue_name, show_name
from core.accounts.passwords import issue_provisional_password
from core.accounts.phones import MobileNotValid, normalise_mobile
from core.accounts.policy import caisse_country, caisse_now, caisse_today, sign_in_policy
from core.audit.services import record
from core.enrolment.errors import ApplicationDecided, HandOverNotPossible
from core.enrolment.texts import CODES_BY_LETTER, CODES_BY_SMS
from core.kernel import clock
from core.kernel.text import N_
from core.notices.services import print_letter, send_sms
from tenants.portal import portal_url
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.accounts.models import Party
    from core.accounts.passwords import Provisional
    from core.enrolment.entries import Someone
    from core.kernel.actors import Actor

DAYS = 30
TRIES = 3
_NO_MOBILE = N_("a person has no mobile number to which an SMS could go.")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What one person needs for her first sign-in. The password exists only here and on its way to her."""

    name: str
    login: str
    password: str
    until: str
    address: str


def let_in(
    *, actor: Actor, party: Party, who: Someone, language: str, role: str, state: Literal["active", "invited"]
) -> User:
    """Make an account with an issued identifier and a place within the party, in the caller's scope."""
    user = _make_user(party, who, language, state)
    today = caisse_today(current_caisse())
    _act_for_itself(actor, party)
    Membership.objects.create(
        user=user, party=party, role=role, valid_from=today, created_at=clock.now(), created_by=actor.user_id
    )
    record(
        actor=actor,
        action="member_added",
        object_type="user",
        object_id=user.id,
        data={"role": role},
        for_party_id=party.id,
    )
    return user


def issue_credentials(*, actor: Actor, user: User, made: Provisional | None = None) -> Credentials:
    """Give somebody a provisional password for 30 days; the earlier one stops working.

    ``made`` is one that was made before the scope opened, since its hash takes time.
    """
    password = issue_provisional_password(actor=actor, user=user, days=DAYS, made=made)
    caisse = current_caisse()
    with translation.override(user.language):
        until = date_format(caisse_now(caisse, clock.now() + timedelta(days=DAYS)), "DATE_FORMAT")
    return Credentials(user.name, show_name(user.sign_in_name), password, until, f"{portal_url(caisse)}/")


def hand_over(
    *, way: str, credentials: Credentials, user: User, company: str, address: Sequence[str], mobile: str
) -> None:
    """Put the letter or the SMS into the outbox; a slip is printed by the page. Raises ``hand_over_not_possible``."""
    fields = {
        "login": credentials.login,
        "password": credentials.password,
        "until": credentials.until,
        "address": credentials.address,
    }
    if way == "letter":
        texts = fields | {"name": credentials.name, "company": company}
        lines = list(dict.fromkeys((company, credentials.name, *address)))
        print_letter(notice=CODES_BY_LETTER, address=lines, language=user.language, fields=texts)
    elif way == "sms":
        try:
            to = normalise_mobile(mobile, caisse_country(current_caisse()))
        except MobileNotValid as error:
            raise HandOverNotPossible(why=translation.gettext(_NO_MOBILE)) from error
        send_sms(notice=CODES_BY_SMS, to=to, language=user.language, fields=fields)


def _make_user(party: Party, who: Someone, language: str, state: str) -> User:
    user = User(
        contact_email=who.email or None,
        given_name=who.given_name,
        family_name=who.family_name,
        language=language,
        mobile=who.mobile,
        state=state,
        created_at=clock.now(),
    )
    user.set_unusable_password()
    for _again in range(TRIES):
        user.sign_in_name = _name(party, who, state)
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError:  # a colleague took it at the same moment
            continue
        return user
    raise ApplicationDecided


def _name(party: Party, who: Someone, state: str) -> str:
    """Return the sign-in name: of who is invited without her name being known, the one that waits for it."""
    if state == "active" or who.given_name:
        return issue_name(wanted=_wanted_name(party, who))
    waiting, own = name_waiting([party])[party.id], normalise_sign_in_name(who.email)
    if own and waiting.startswith(WAITING):
        return issue_name() if User.objects.filter(sign_in_name=own).exists() else own
    return waiting


def _wanted_name(party: Party, who: Someone) -> str:
    """Return the sign-in name that fits what the caisse's people sign in with; empty for a number to be issued.

    Where that is the e-mail alone, who has none of her own gets her company's number and her name.
    """
    number = party.number or party.enterprise_number
    kinds, own = sign_in_policy(current_caisse()).names, normalise_sign_in_name(who.email)
    is_company = party.kind in COMPANIES
    if number and ("company" if is_company else "insured") in kinds:
        return _by_number(number, who, is_company=is_company)
    if "user_id" in kinds or not (number or own):
        return ""
    if own and not User.objects.filter(sign_in_name=own).exists():
        return own
    return _by_number(number, who, is_company=is_company) if number else ""


def _by_number(number: str, who: Someone, *, is_company: bool) -> str:
    if not is_company:
        return normalise_sign_in_name(number)
    return company_name(number, who.family_name) if who.given_name else ""


def _act_for_itself(actor: Actor, party: Party) -> None:
    now = clock.now()
    own = Mandate.objects.filter(acting_party=party, for_party=party, basis="self").exclude(state="ended")
    if own.exists():
        return
    Mandate.objects.create(
        acting_party=party,
        for_party=party,
        basis="self",
        may_act=True,
        valid_from=caisse_today(current_caisse()),
        state="accepted",
        asked_at=now,
        asked_by=actor.user_id,
        answered_at=now,
        answered_by=actor.user_id,
    )
