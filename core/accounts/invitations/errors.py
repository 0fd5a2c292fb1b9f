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
    """With this e-mail somebody already signs in here for an employer. Use another one for the work at the caisse."""

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
