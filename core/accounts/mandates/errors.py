"""Why a mandate could not be asked for, given, changed or ended."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput


class MandateTermsNotValid(InvalidInput):
    """Choose at least one theme, and only themes and kinds of document that this portal offers."""

    code = "mandate_terms_not_valid"


class MandateDatesNotValid(InvalidInput):
    """The last day lies before the first, or in the past. Correct the dates."""

    code = "mandate_dates_not_valid"


class MandateNeedsEnd(InvalidInput):
    """This caisse lets a mandate last %(months)s months at most. Enter a last day until %(day)s."""

    code = "mandate_needs_end"


class MandateNumberMissing(InvalidInput):
    """Enter the number of the other party as the caisse writes it, and not your own."""

    code = "mandate_number_missing"


class MandateOverlaps(Conflict):
    """A mandate between these two covers some of these themes and days already. Change or end that one."""

    code = "mandate_overlaps"


class MandateAskedAlready(Conflict):
    """This was asked for already and waits for an answer. Withdraw that request if it is to be another."""

    code = "mandate_asked_already"


class MandateRefusedLately(Conflict):
    """This was refused less than %(days)s days ago. Speak with the other side before you ask again."""

    code = "mandate_refused_lately"


class TooManyMandateRequests(Conflict):
    """So many requests are waiting for an answer (%(most)s) that no other can be made. Withdraw some first."""

    code = "too_many_mandate_requests"


class MandateRequestSettled(Conflict):
    """This request was answered or withdrawn in the meantime. Look at its new state."""

    code = "mandate_request_settled"


class MandateChanged(Conflict):
    """The mandate was changed or ended in the meantime. Look at its new state and try again."""

    code = "mandate_changed"


class MandateWidened(InvalidInput):
    """Whoever acts for another can give up rights, not add any. Ask the other side to widen the mandate."""

    code = "mandate_widened"


class MandateReasonMissing(InvalidInput):
    """Say why; both sides read it in the history."""

    code = "mandate_reason_missing"


class MandatePartyUnknown(InvalidInput):
    """No party bears this number. Check the number and the kind."""

    code = "mandate_party_unknown"


class MandateByLaw(Conflict):
    """This mandate rests on the law or a decision of an authority; only the caisse can end it."""

    code = "mandate_by_law"


class MandateBasisNotValid(InvalidInput):
    """Say what the mandate rests on. The law is a basis only for acting for a person."""

    code = "mandate_basis_not_valid"
