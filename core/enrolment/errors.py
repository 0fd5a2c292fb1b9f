"""Why somebody could not be enrolled; each docstring is the message for its reader."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, NotFound, TooManyAttempts


class WayClosed(NotFound):
    """This way to an access is not open here. Ask the caisse how you get one."""

    code = "way_closed"


class NumberNotValid(InvalidInput):
    """%(why)s %(fix)s"""  # noqa: D415 -- two whole sentences come from the kind of number

    code = "number_not_valid"


class NumberUnknown(InvalidInput):
    """The caisse does not know this number. Compare it with a letter of the caisse, or ask there."""

    code = "number_unknown"


class AccessExists(Conflict):
    """There is an access for this number already. Ask who keeps it in your company, or ask the caisse."""

    code = "access_exists"


class ApplicationOpen(Conflict):
    """An application for this number is waiting already. The caisse will answer it; you need not send another one."""

    code = "application_open"


class CharterMissing(NotFound):
    """The caisse has not published the terms that you would accept. Ask there when that will be."""

    code = "charter_missing"


class CharterChanged(Conflict):
    """The terms have changed since you opened the page. Read them as they are now, then answer."""

    code = "charter_changed"


class EntriesMissing(InvalidInput):
    """Fill in: %(fields)s."""

    code = "entries_missing"


class EntryNotValid(InvalidInput):
    """“%(field)s” is not right: %(why)s"""  # noqa: D415 -- a whole sentence comes from the kind

    code = "entry_not_valid"


class NotCertified(InvalidInput):
    """Confirm that the data are right; without that the application cannot be sent."""

    code = "not_certified"


class DelegateTwice(InvalidInput):
    """The same person stands twice among the delegates."""

    code = "delegate_twice"


class ApplicationGone(Conflict):
    """This application is closed, or was left for too long. Begin again; nothing was sent."""

    code = "application_gone"


class ApplicationDecided(Conflict):
    """Somebody decided on this application in the meantime. Look at what became of it."""

    code = "application_decided"


class ReasonNeeded(InvalidInput):
    """Write the reason; the applicant reads it."""

    code = "reason_needed"


class PartyNotChosen(InvalidInput):
    """Choose which party this application is for."""

    code = "party_not_chosen"


class HandOverNotPossible(InvalidInput):
    """This cannot be handed over so: %(why)s"""  # noqa: D415 -- a whole sentence follows

    code = "hand_over_not_possible"


class ApplicationsLocked(TooManyAttempts):
    """Too many applications or codes were tried. Wait %(minutes)s minutes and try again."""

    code = "applications_locked"


class NotMatched(InvalidInput):
    """Number, birth date and code do not fit together here, or there is an access already: then sign in instead."""

    code = "not_matched"


class SignedWhen(InvalidInput):
    """Say on which day the charter was signed; the day cannot lie in the future."""

    code = "signed_when"


class RepresentativeProofMissing(InvalidInput):
    """Attach the document that proves the mandate of somebody whom the caisse does not know yet."""

    code = "representative_proof_missing"
