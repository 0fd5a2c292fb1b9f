"""What can go wrong in the operators' own pages, in words for operators."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, NotFound, TooManyAttempts


class OperatorRefused(InvalidInput):
    """This does not open the console.

    Check e-mail, password and one-time password; each one-time password works once.
    """

    code = "operator_refused"
    status = 403


class OperatorLocked(TooManyAttempts):
    """Too many attempts. Wait %(minutes)s minutes, or sign in with your passkey."""

    code = "operator_locked"


class PasskeyRefused(InvalidInput):
    """This passkey does not open the console. Try again, or sign in another way."""

    code = "passkey_refused"
    status = 403


class PasskeyUnusable(InvalidInput):
    """This passkey could not be set up. Try again, or use another device."""

    code = "passkey_unusable"


class PasskeyKnown(Conflict):
    """This passkey is set up already."""

    code = "passkey_known"


class LinkSpent(NotFound):
    """This link has been used, replaced or has run out. Ask another operator for a new one."""

    code = "link_spent"


class CodeWrong(InvalidInput):
    """This one-time password does not fit. Check the time of your telephone and type the next one."""

    code = "code_wrong"


class PasswordUnsuitable(InvalidInput):
    """Choose another password: at least 14 characters, not a common one, and without your name or address."""

    code = "password_unsuitable"


class PasswordsDiffer(InvalidInput):
    """The two passwords are not the same. Type the new password twice."""

    code = "passwords_differ"


class OperatorKnown(Conflict):
    """There is already an operator with this e-mail address."""

    code = "operator_known"


class OperatorDataMissing(InvalidInput):
    """An operator needs a name and an e-mail address."""

    code = "operator_data_missing"


class OperatorUnknown(NotFound):
    """There is no such operator."""

    code = "operator_unknown"


class OperatorIsYou(Conflict):
    """You cannot do this to yourself. Ask another operator."""

    code = "operator_is_you"


class OperatorLast(Conflict):
    """This is the last operator who can sign in. Add another one first."""

    code = "operator_last"


class OperatorChanged(Conflict):
    """Somebody else has changed this operator in the meantime. Look at the new state."""

    code = "operator_changed"


class WayLast(Conflict):
    """This is your only way to sign in. Set up another one first."""

    code = "way_last"
