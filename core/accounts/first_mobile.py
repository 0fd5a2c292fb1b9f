"""A stage for who comes with a password from a letter and has no second factor yet: her mobile, proved by a code.

A letter enrols and is no factor: so the first sign-in with it makes one, where the caisse asks for two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.stages import LoginStage
from django.http import HttpResponseRedirect
from django.urls import reverse

from core.accounts.factors import list_enrolled
from core.accounts.levels import PASSWORD, SMS_CODE
from core.accounts.own.profile import Sent, ask_mobile, confirm_mobile
from core.accounts.policy import list_factors, sign_in_policy
from core.accounts.stages import register
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from tenants.scope import CaisseRef

_SENT = "sent"


class FirstMobileStage(LoginStage):  # type: ignore[misc]  # untyped library
    """Asks for the number, then for the code that went there; the code counts as the second factor of this sign-in."""

    key = "first_mobile"
    urlname = "sign_in_first_mobile"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Lead to the page where it is needed."""
        methods = {one["method"] for one in get_authentication_records(self.request, self.user)}
        policy = sign_in_policy(self.caisse)
        with_letter = self.user.password_must_change and methods == {PASSWORD}
        if not with_letter or policy.password_alone or "sms" not in list_factors(policy):
            return None, True
        with tenant_transaction(self.caisse):
            enrolled = list_enrolled(self.caisse, self.user)
        return (None, True) if enrolled else (HttpResponseRedirect(reverse(self.urlname)), True)

    @property
    def caisse(self) -> CaisseRef:
        """The caisse at which somebody signs in."""
        caisse: CaisseRef = self.request.caisse
        return caisse

    @property
    def user(self) -> User:
        """Who signs in."""
        user: User = self.login.user
        return user

    @property
    def sent(self) -> Sent | None:
        """The code that is on its way."""
        return Sent.from_dict(self.state[_SENT]) if _SENT in self.state else None

    def ask(self, typed: str) -> None:
        """Send a code to a number; raises what ``ask_mobile`` raises."""
        self.state[_SENT] = ask_mobile(caisse=self.caisse, user=self.user, typed=typed).as_dict()

    def forget(self) -> None:
        """Begin with another number."""
        self.state.pop(_SENT, None)

    def confirm(self, typed: str) -> None:
        """Evaluate a try; raises what ``confirm_mobile`` raises."""
        sent = self.sent
        if sent is None:
            return
        confirm_mobile(caisse=self.caisse, user=self.user, sent=sent, typed=typed)
        record_authentication(self.request, self.user, method=SMS_CODE)


register("core.accounts.first_mobile.FirstMobileStage", order=45)
