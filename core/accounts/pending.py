"""A sign-in under way holds only as long as the password with which it began: changing that ends it as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.crypto import constant_time_compare

from core.accounts.errors import SignInInterrupted

if TYPE_CHECKING:
    from core.accounts.models import User
    from core.accounts.requests import AccountRequest

_KEY = "begun_with"


def note_password(request: AccountRequest, user: User) -> None:
    """Keep a keyed hash that changes with the password."""
    request.session[_KEY] = user.get_session_auth_hash()


def password_stands(request: AccountRequest, user: User) -> bool:
    """Whether she still has the password with which her sign-in began."""
    return constant_time_compare(str(request.session.get(_KEY, "")), user.get_session_auth_hash())


def check_password_stands(request: AccountRequest, user: User) -> None:
    """Let the sign-in be completed; raises ``sign_in_interrupted``."""
    stands = password_stands(request, user)
    request.session.pop(_KEY, None)
    if not stands:
        raise SignInInterrupted
