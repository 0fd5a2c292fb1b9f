"""A stage for who comes with a password from a letter and has no second factor yet: her mobile, or another factor.

A letter enrols and is no factor: so the first sign-in with it makes one, where the caisse asks for two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.stages import LoginStage
from django.http import HttpResponseRedirect
from django.urls import reverse

from core.accounts.factors import first, list_enrolled
from core.accounts.levels import PASSWORD, SMS_CODE
from core.accounts.own.profile import Sent, ask_mobile, confirm_mobile
from core.accounts.policy import list_factors, sign_in_policy
from core.accounts.stages import register
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from tenants.scope import CaisseRef

_SENT = "sent"


class FirstMobileStage(LoginStage):  # type: ignore[misc]  # untyped library
    """Asks for the number and the code that went there, or for what else the caisse offers.

    What was proved counts as the second factor of this sign-in.
    """

    key = "first_mobile"
    urlname = "sign_in_first_mobile"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Lead to the page where it is needed."""
        methods = {one["method"] for one in get_authentication_records(self.request, self.user)}
        policy = sign_in_policy(self.caisse)
        with_letter = self.user.password_must_change and methods == {PASSWORD}
        if not with_letter or policy.password_alone or not self.can_set_up:
            return None, True
        with tenant_transaction(self.caisse):
            enrolled = list_enrolled(self.caisse, self.user)
        return (None, True) if enrolled else (HttpResponseRedirect(reverse(self.urlname)), True)

    @property
    def can_set_up(self) -> bool:
        """Whether the caisse offers a factor that can be set up here."""
        return "sms" in list_factors(sign_in_policy(self.caisse)) or bool(first.list_first(self.caisse))

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

    def set_up(self, name: str) -> None:
        """Set up another factor from what was posted; raises what proving or keeping it raises, and ``NotFound``."""
        chosen = first.get_first(self.caisse, name)
        keep = chosen.prove(self.request, self.caisse, self.user)
        with tenant_transaction(self.caisse):
            keep(Actor(kind="party", name=self.user.name, user_id=self.user.id))
        record_authentication(self.request, self.user, method=chosen.factor.method)


register("core.accounts.first_mobile.FirstMobileStage", order=45)
