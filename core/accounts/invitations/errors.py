"""Why somebody could not be invited, or an invitation not be used."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, TooManyAttempts


class PersonIncomplete(InvalidInput):
    """Enter given name, family name and e-mail."""

    code = "person_incomplete"


class PersonEmailNotValid(InvalidInput):
    """This is not an e-mail address."""

    code = "person_email_not_valid"


class AddressIncomplete(InvalidInput):
    """A letter needs an address: street and place, each on a line of its own."""

    code = "address_incomplete"


class RolesNotValid(InvalidInput):
    """Choose what the person may do. An auditor changes nothing, and so can have no other role."""

    code = "roles_not_valid"


class ThemesNotValid(InvalidInput):
    """Choose at least one theme, or all of them."""

    code = "themes_not_valid"


class DatesNotValid(InvalidInput):
    """The last day lies before the first."""

    code = "dates_not_valid"


class PersonKnown(Conflict):
    """Somebody with this e-mail works here already. Look for the person in the list."""

    code = "person_known"


class EmailTaken(Conflict):
    """With this e-mail somebody signs in whose access is blocked or has ended. Open that one, or use another e-mail."""

    code = "email_taken"


class NothingToReissue(Conflict):
    """This person has activated the access meanwhile, or has none to activate."""

    code = "nothing_to_reissue"


class EmailMissing(Conflict):
    """No e-mail address is known of this person. Send a letter."""

    code = "email_missing"


class ActivationRefused(InvalidInput):
    """This code opens nothing. Compare each character. A code works once and for 30 days; a newer one replaces it."""

    code = "activation_refused"


class ActivationLocked(TooManyAttempts):
    """Too many codes were tried. Wait %(minutes)s minutes and try again."""

    code = "activation_locked"


class ActivationUsed(ActivationRefused):
    """This access is active already. Sign in with the password chosen. If that was not you, tell us at once."""

    code = "activation_used"


class ActivationReplaced(ActivationRefused):
    """This code was replaced by a newer one, or withdrawn. Use the newest letter or e-mail that you received."""

    code = "activation_replaced"


class ActivationExpired(ActivationRefused):
    """This code has expired in the meantime; it was valid for 30 days. Ask us for a new one, then you can go on."""

    code = "activation_expired"


class ActivationTaken(ActivationRefused):
    """Your code was typed again elsewhere. Was that you? Then type it here to go on. Was it not? Then tell us first."""

    code = "activation_taken"


class StepTooEarly(Conflict):
    """Something before this step is missing. Here is what comes next."""

    code = "step_too_early"


class EmailInUse(Conflict):
    """Somebody signs in here with this address already. Sign in with it and take this access over, or enter another."""

    code = "email_in_use"


class EmailNeeded(InvalidInput):
    """Here you sign in with your e-mail address, so one is needed. If you have none, call us."""

    code = "email_needed"


class NamesIncomplete(InvalidInput):
    """Enter your given name and your family name."""

    code = "names_incomplete"


class TermsNotTicked(InvalidInput):
    """The access needs your agreement to the terms of use. Without it you keep receiving letters, as until now."""

    code = "terms_not_ticked"


class TermsTextChanged(Conflict):
    """The terms of use were changed while you were reading. Here is the text that holds now."""

    code = "terms_text_changed"


class AccountNotFitting(Conflict):
    """This code sets an access up anew that existed before. It cannot be taken into another account; go on here."""

    code = "account_not_fitting"
