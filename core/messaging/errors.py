"""What can go wrong with a message; the docstring is the text for the person."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, NotPermitted


class TransitionNotAllowed(Conflict):
    """This step is no longer possible: the message has moved on in the meantime."""

    code = "transition_not_allowed"


class DraftConflict(Conflict):
    """%(name)s changed this draft in the meantime. Your entries are kept on this page; compare them and save again."""

    code = "draft_conflict"


class NotEditable(Conflict):
    """This message has been sent and can no longer be changed."""

    code = "not_editable"


class NotChecked(Conflict):
    """The contents changed since the last check. Check them again, then send."""

    code = "not_checked"


class FindingsOpen(InvalidInput):
    """%(blocking)s points must be corrected and %(unjustified)s need a reason before this can be sent."""

    code = "findings_open"


class NothingToSend(InvalidInput):
    """There is nothing to send yet: enter at least one person, or declare that there were no wages."""

    code = "nothing_to_send"


class ConfirmationMissing(InvalidInput):
    """Confirm that the entries are complete and true, then send."""

    code = "confirmation_missing"


class ReasonMissing(InvalidInput):
    """Write the reason in your own words."""

    code = "reason_missing"


class QuestionMissing(InvalidInput):
    """Write what you want to know."""

    code = "question_missing"


class SnoozeDate(InvalidInput):
    """Choose a day after today and within a year."""

    code = "snooze_date"


class ColleagueKeptOut(InvalidInput):
    """This colleague may not see the file of this party. Choose somebody else."""

    code = "colleague_kept_out"


class ColleagueOtherThemes(InvalidInput):
    """This colleague does not treat cases of this theme. Choose somebody else."""

    code = "colleague_other_themes"


class PeriodAlreadyDeclared(Conflict):
    """%(period)s has already been declared. Open that message and replace it instead of sending a second one."""

    code = "period_already_declared"


class NotReplaceable(Conflict):
    """Only a message of the same kind that lies with the caisse, or that it has completed, can be replaced."""

    code = "not_replaceable"


class KeyReused(Conflict):
    """This Idempotency-Key was used before with other contents. Use a new key for a new call."""

    code = "idempotency_key_reused"


class KeyInWork(Conflict):
    """The first call with this Idempotency-Key is still being worked on. Try again in a moment."""

    code = "idempotency_key_in_work"


class RowNotFound(InvalidInput):
    """This row no longer exists."""

    code = "row_not_found"


class FileInWork(Conflict):
    """A file is being read for this message. Wait until it is done."""

    code = "file_in_work"


class DeskOnly(NotPermitted):
    """Only the caisse may do this."""

    code = "desk_only"


class FourEyesNeeded(Conflict):
    """Here a colleague confirms each decision: propose it. Nothing reaches the party before."""

    code = "four_eyes_needed"


class ProposalWaiting(Conflict):
    """A proposal for this case already waits to be confirmed."""

    code = "proposal_waiting"


class OwnProposal(NotPermitted):
    """You proposed this yourself; a colleague has to confirm it or send it back."""

    code = "own_proposal"


class ProposalIncomplete(InvalidInput):
    """Say what is to happen. Publishing needs a title with a text or a PDF; not accepting needs a reason."""

    code = "proposal_incomplete"


class TypeNotForParty(InvalidInput):
    """This kind of message does not exist for a party of this kind. Choose another one."""

    code = "message_type_other_kind"
