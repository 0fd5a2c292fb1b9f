"""allauth's adapter: our stages, our redirects, no messages and no mail of allauth's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext

from core.accounts import stages
from core.accounts.addresses import client_address
from core.accounts.identity import Identity
from core.accounts.known_devices import meet_device
from core.accounts.levels import level_of
from core.accounts.passwords import check_new_password
from core.accounts.pending import check_password_stands, note_password
from core.accounts.redirects import is_safe_path
from core.audit.services import record
from core.kernel.actors import Actor
from core.kernel.errors import InvalidInput
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.accounts.models import User
    from core.accounts.requests import AccountRequest
    from tenants.scope import CaisseRef


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    """What allauth asks the platform."""

    def get_login_stages(self) -> list[str]:
        """Return the stages that rooms registered, in their order."""
        return stages.list_stages()

    def pre_login(self, request: AccountRequest, user: User, **_: Any) -> None:
        """Note with which password the sign-in began."""
        note_password(request, user)

    def login(self, request: AccountRequest, user: User) -> None:
        """Complete the sign-in: new session key, identity, audit; in one scope, opened if need be.

        Raises ``sign_in_interrupted`` where the password was changed while the sign-in was under way.
        """
        check_password_stands(request, user)
        user.backend = "core.accounts.backends.PasswordBackend"
        methods = [found["method"] for found in get_authentication_records(request, user)]
        with tenant_transaction(_caisse(request)):
            meet_device(request, user)
            super().login(request, user)
            _record_sign_in(user, methods)
        request.identity = Identity(request.session)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the caisse's home, which leads everybody to her own pages."""
        del request
        return reverse("home")

    def is_safe_url(self, url: str) -> bool:
        """Whether a page may be returned to: this host and this caisse only."""
        return self.request is not None and is_safe_path(self.request, url)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address as far as it can be trusted."""
        return client_address(request)

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Return a new password that keeps to the caisse's rules; raises Django's ``ValidationError``."""
        caisse, has_factor = _caisse(self.request), user is None or bool(user.mobile)
        try:
            check_new_password(caisse=caisse, password=password, user=user, alone=not has_factor)
        except InvalidInput as error:
            raise ValidationError(gettext(error.message) % error.params, code=error.code) from error
        return password

    def add_message(self, *_: Any, **__: Any) -> None:
        """Say nothing: the pages say themselves what happened."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth's signature
        """Whether anybody may make herself an account: never, accounts come from the caisse."""
        return False


def _caisse(request: AccountRequest) -> CaisseRef:
    if request.caisse is None:
        message = "nobody signs in on the platform's own host"
        raise RuntimeError(message)
    return request.caisse


def _record_sign_in(user: User, methods: list[str]) -> None:
    actor = Actor(kind="party", name=user.name, user_id=user.id, assurance_level=level_of(methods))
    data = {"methods": ",".join(methods)}
    record(actor=actor, action="signed_in", object_type="user", object_id=user.id, data=data)
