"""How pages show an agreement by years, the same to the company and at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.kernel.text import N_
from core.terms.agreements import find_agreement
from core.web.endings import KINDS

if TYPE_CHECKING:
    from uuid import UUID

    from core.terms.models import AgreementStep

_STEPS = {
    "begun": N_("begun with the acceptance"),
    "announced": N_("renewal announced"),
    "renewed": N_("renewed tacitly"),
    "ended": N_("ended"),
}
_REASONS = {
    "not_renewed": N_("ended with its year, as renounced or left in time"),
    "not_accepted": N_("ended with its year, since the terms in force are not accepted"),
    "access_ended": N_("ended with the access"),
}


def describe_agreement(party_id: UUID | None) -> dict[str, Any] | None:
    """Return what a page shows of a party's agreement, in the reader's language; None where there is none."""
    found = find_agreement(party_id) if party_id else None
    if found is None:
        return None
    return {
        "now": found.now,
        "is_live": found.is_live,
        "next_day": found.next_day,
        "stopped_by": found.stopped_by,
        "stopped_kind": gettext(KINDS[found.stopped_by.kind]) if found.stopped_by else "",
        "steps": [(one, _say(one)) for one in found.steps],
    }


def _say(step: AgreementStep) -> str:
    return gettext(_REASONS.get(step.reason, _STEPS[step.kind]))
