"""What the sign-in page says about the names that people sign in with here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from core.accounts.policy import sign_in_policy
from core.configuration import configuration
from core.configuration.sections.access import NAMES
from core.enrolment.section import EnrolmentSection
from core.kernel.text import N_

if TYPE_CHECKING:
    from tenants.scope import CaisseRef

_LABELS = NAMES | {"user_id": N_("User number")}
_HELPS = {
    "user_id": N_("Your user number stands in our letter, such as K7M2-9QFX-4; capitals and hyphens do not matter."),
    "company": N_("Write the number of your company, a stroke and your name as in our letter, such as 1234567/martin."),
    "insured": N_("The number of an insured person stands on the insurance certificate."),
}


@dataclass(frozen=True, slots=True)
class Names:
    """The label of the input, sentences that help, and the kind of the input."""

    label: str
    helps: tuple[str, ...]
    control: str


def describe_names(caisse: CaisseRef) -> Names:
    """Return what is asked for here, in the caisse's order."""
    names = sign_in_policy(caisse).names
    return Names(
        label=" / ".join(gettext(_LABELS[name]) for name in names),
        helps=tuple(gettext(_HELPS[name]) for name in names if name in _HELPS),
        control="email" if names == ("email",) and not _hands_names_out(caisse) else "text",
    )


def _hands_names_out(caisse: CaisseRef) -> bool:
    """Whether applicants get a name that is no e-mail, whatever else people sign in with."""
    section = configuration.get(caisse, EnrolmentSection)
    return section.is_open("form") or section.is_open("counter")
