"""Why an end cannot be entered, in words for who enters it."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput


class EndingReasonMissing(InvalidInput):
    """Write the reason, so that the party and your colleagues understand it."""

    code = "ending_reason_missing"


class DeathProofMissing(InvalidInput):
    """Attach the scan that proves the death, such as the certificate."""

    code = "death_proof_missing"


class EndingDayNotValid(InvalidInput):
    """Enter a day that can be: a receipt or a death lies not in the future, a last day not before the affiliation."""

    code = "ending_day_not_valid"


class EndingStands(Conflict):
    """This is entered already, or the party's access has ended. Look at the list, and take back what is not right."""

    code = "ending_stands"


class EndingOver(Conflict):
    """This can no longer be taken back, or somebody else just did it. Reload the page."""

    code = "ending_over"


class EndingNothingChosen(InvalidInput):
    """Choose all themes, or at least one that is yours."""

    code = "ending_nothing_chosen"


class EndingNotForThisParty(InvalidInput):
    """Only an insured or a self-employed person can die; a company leaves or is excluded."""

    code = "ending_not_for_this_party"
