"""Why something of one's own account could not be changed."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput


class NameMissing(InvalidInput):
    """Write your given name and your family name."""

    code = "name_missing"


class EmailNotValid(InvalidInput):
    """This is not an e-mail address."""

    code = "email_not_valid"


class AccountChanged(Conflict):
    """Your account was changed in another window meanwhile. Look at it and try again."""

    code = "account_changed"


class NoPassword(Conflict):
    """You sign in here without a password."""

    code = "no_password"
