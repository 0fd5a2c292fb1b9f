"""Why somebody was not let in, in words that tell an attacker nothing."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, NotPermitted, RelaisError, TooManyAttempts


class SignInRefused(InvalidInput):
    """This name and password do not open an account here. Check both, capitals count in the password."""

    code = "sign_in_refused"


class SignInLocked(TooManyAttempts):
    """Too many attempts. Wait %(minutes)s minutes; your account and your data are safe."""

    code = "sign_in_locked"


class NoSecondFactor(NotPermitted):
    """Your account has no mobile number to send a code to. Contact us; we will enter it with you."""

    code = "no_second_factor"


class SignInInterrupted(RelaisError):
    """This sign-in took too long or was begun in another window. Please start again."""

    code = "sign_in_interrupted"
    status = 409


class CodeWrong(InvalidInput):
    """This code is not right. You can try %(tries)s more times."""

    code = "code_wrong"


class CodeSpent(InvalidInput):
    """This code is no longer valid. Ask for a new one."""

    code = "code_spent"


class PasswordWrong(InvalidInput):
    """This is not your password."""

    code = "password_wrong"


class PasswordsDiffer(InvalidInput):
    """The two entries of the password differ."""

    code = "passwords_differ"


class PasswordSame(InvalidInput):
    """Choose another password than the one you have."""

    code = "password_same"


class PasswordRunOut(NotPermitted):
    """The password from your letter has run out. Choose your own by "Password forgotten" or ask us for a new letter."""

    code = "password_run_out"


class AccountClosed(Conflict):
    """This access is blocked or has ended. Open it first."""

    code = "account_closed"


class OneTimePasswordWrong(InvalidInput):
    """This code does not fit, or it was used already. Check the time of your telephone and type the next one."""

    code = "one_time_password_wrong"


class RecoveryCodeWrong(InvalidInput):
    """This is not one of your unused recovery codes. Each of them works once."""

    code = "recovery_code_wrong"


class PasskeyRefused(InvalidInput):
    """This passkey was not accepted. Try again, or choose another way."""

    code = "passkey_refused"


class PasskeyUnusable(InvalidInput):
    """This passkey could not be set up. Try again, or use another device."""

    code = "passkey_unusable"


class PasskeyKnown(Conflict):
    """This passkey is set up already."""

    code = "passkey_known"


class FactorLast(Conflict):
    """This is your last second factor, and one is needed to sign in here. Set up another one first."""

    code = "factor_last"


class FactorsMany(Conflict):
    """You have set up %(most)s of them. Remove one that you no longer use first."""

    code = "factors_many"
