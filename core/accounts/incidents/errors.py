"""Why a report could not be taken, or an access not be given back."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, NotPermitted, TooManyAttempts


class IncidentKindMissing(InvalidInput):
    """Say what happened: choose one of the three."""

    code = "incident_kind_missing"


class HelpLocked(TooManyAttempts):
    """Too many reports from here or for this name. Wait %(minutes)s minutes, or call us: we block by telephone."""

    code = "help_locked"


class HelpCodeNotSent(InvalidInput):
    """This report was begun too long ago or in another window. Please start again."""

    code = "help_code_not_sent"


class HelpPasswordWrong(InvalidInput):
    """Name and password do not fit. Leave the password empty, and we send a code to the e-mail address we know."""

    code = "help_password_wrong"


class IncidentChanged(Conflict):
    """Somebody has dealt with this in the meantime. Look at the new state and try again."""

    code = "incident_changed"


class ProofMissing(InvalidInput):
    """Write how you made sure who it is, such as an identity card seen at the counter; it stays in the history."""

    code = "proof_missing"


class PersonUnknown(InvalidInput):
    """Nobody has this sign-in name."""

    code = "person_unknown"


class NotYourOwnCase(NotPermitted):
    """This is your own access. A colleague gives it back."""

    code = "not_your_own_case"
