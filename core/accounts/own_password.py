"""The last stage of a sign-in with a provisional password: no session begins before its owner chose her own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import LoginStage
from django.contrib.auth.hashers import make_password
from django.http import HttpResponseRedirect
from django.urls import reverse

from core.accounts.errors import SignInInterrupted
from core.accounts.levels import PASSWORD
from core.accounts.passwords import check_chosen, put_in_force
from core.accounts.pending import note_password
from core.accounts.stages import register
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from tenants.scope import CaisseRef


class OwnPasswordStage(LoginStage):  # type: ignore[misc]  # untyped library
    """A password of her own in place of the one from the letter.

    It comes after the second factor: whoever holds the letter alone must not be able to shut its
    owner out by a password of his.
    """

    key = "own_password"
    urlname = "sign_in_own_password"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Lead to the page where the password used was a provisional one."""
        if not self.user.password_must_change or PASSWORD not in self.methods:
            return None, True
        return HttpResponseRedirect(reverse(self.urlname)), True

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
    def methods(self) -> list[str]:
        """What she has proved so far."""
        return [one["method"] for one in get_authentication_records(self.request, self.user)]

    @property
    def is_alone(self) -> bool:
        """Whether the password is all that this sign-in asks for."""
        return set(self.methods) == {PASSWORD}

    def choose(self, *, password: str, repeated: str) -> None:
        """Put the password in force; what was begun elsewhere with the provisional one is void.

        Raises what ``check_chosen`` raises, or ``sign_in_interrupted`` where it was changed meanwhile.
        """
        user = self.user
        if not user.password_must_change:
            raise SignInInterrupted
        check_chosen(caisse=self.caisse, user=user, password=password, repeated=repeated, alone=self.is_alone)
        hashed = make_password(password)
        actor = Actor(kind="party", name=user.name, user_id=user.id)
        with tenant_transaction(self.caisse):
            done = put_in_force(actor=actor, user=user, hashed=hashed, action="password_chosen")
        if not done:
            raise SignInInterrupted
        note_password(self.request, user)


register("core.accounts.own_password.OwnPasswordStage", order=90)
