"""What can go wrong with terms of use; each docstring is the message for its reader."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, NotPermitted


class TermsNotAccepted(NotPermitted):
    """The terms of use in force are not accepted yet. Read and accept them first; your drafts stay as they are."""

    code = "terms_not_accepted"


class TermsNeedAnAdministrator(NotPermitted):
    """Only an administrator of your company can accept the terms for it. Ask her to do so."""

    code = "terms_need_an_administrator"


class TermsIncomplete(InvalidInput):
    """A title, a summary or the text is missing in: %(languages)s."""

    code = "terms_incomplete"


class TermsDayTaken(Conflict):
    """Another version takes effect on this day. Choose another one."""

    code = "terms_day_taken"


class TermsDayPast(InvalidInput):
    """A version cannot take effect before tomorrow, so that nobody is surprised. Choose a later day."""

    code = "terms_day_past"


class TermsPublished(Conflict):
    """This version is published and can no longer be changed. Write a new one."""

    code = "terms_published"


class TermsInForce(Conflict):
    """This version is in force already and cannot be withdrawn. Publish a new one in its place."""

    code = "terms_in_force"


class TermsChanged(Conflict):
    """The text on your page is not the one in force any more. Read it again, then answer."""

    code = "terms_changed"


class TermsSignedWhen(InvalidInput):
    """Enter the day of the signature: not to come, and not before this version was published."""

    code = "terms_signed_when"


class TermsSignerMissing(InvalidInput):
    """Write who signed, as it stands on the paper."""

    code = "terms_signer_missing"


class TermsAccepted(Conflict):
    """This version is accepted for this party already. Look at the list."""

    code = "terms_accepted"
