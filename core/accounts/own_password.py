"""The last stage of a sign-in with a provisional or a forgotten password: no session begins before a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import LoginStage
from django.contrib.auth.hashers import make_password
from django.http import HttpResponseRedirect
from django.urls import reverse

from core.accounts.errors import SignInInterrupted
from core.accounts.levels import MAIL_CODE, PASSWORD, TWO_FACTORS, level_of
from core.accounts.passwords import check_chosen, put_in_force
from core.accounts.pending import note_password, password_stands
from core.accounts.stages import register
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from tenants.scope import CaisseRef


class OwnPasswordStage(LoginStage):  # type: ignore[misc]  # untyped library
    """A password of her own in place of the one from the letter, or of the one that she forgot.

    It comes after the second factor: whoever holds the letter alone must not be able to shut its
    owner out by a password of his.
    """

    key = "own_password"
    urlname = "sign_in_own_password"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Lead to the page where the password used was a provisional one, or none was used but a code by mail."""
        if not self.is_due:
            return None, True
        return HttpResponseRedirect(reverse(self.urlname)), True

    @property
    def has_forgotten(self) -> bool:
        """Whether she came by a code to her e-mail."""
        return MAIL_CODE in self.methods

    @property
    def is_due(self) -> bool:
        """Whether there is a password to choose."""
        return self.has_forgotten or (self.user.password_must_change and PASSWORD in self.methods)

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
        return level_of(self.methods) < TWO_FACTORS

    def choose(self, *, password: str, repeated: str) -> None:
        """Put the password in force; what was begun elsewhere with the provisional one is void.

        Raises what ``check_chosen`` raises, or ``sign_in_interrupted`` where it was changed meanwhile.
        """
        user = self.user
        if not self.is_due or not password_stands(self.request, user):
            raise SignInInterrupted
        check_chosen(caisse=self.caisse, user=user, password=password, repeated=repeated, alone=self.is_alone)
        hashed = make_password(password)
        actor = Actor(kind="party", name=user.name, user_id=user.id)
        with tenant_transaction(self.caisse):
            done = put_in_force(
                actor=actor,
                user=user,
                hashed=hashed,
                action="password_reset" if self.has_forgotten else "password_chosen",
            )
        if not done:
            raise SignInInterrupted
        note_password(self.request, user)


register("core.accounts.own_password.OwnPasswordStage", order=90)
