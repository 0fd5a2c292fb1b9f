"""What can be wrong with Swiss identifiers."""

from __future__ import annotations

from core.declare.faults import fault, register_faults
from core.kernel.text import N_

register_faults(
    [
        fault(
            "avs_unreadable",
            N_("OASI number not readable"),
            N_("“%(text)s” is not an OASI number, which has 13 digits."),
            N_(
                "Copy the number from the insurance certificate or the health insurance card, such as 756.9217.0769.85."
            ),
        ),
        fault(
            "avs_old",
            N_("Old OASI number"),
            N_("“%(text)s” is an OASI number of 11 digits, which was replaced in 2008."),
            N_("Give the number of 13 digits that begins with 756; it stands on the health insurance card."),
        ),
        fault(
            "avs_prefix",
            N_("Not a Swiss OASI number"),
            N_("“%(text)s” does not begin with 756, the prefix of every OASI number."),
            N_("Copy the number from the insurance certificate or the health insurance card."),
        ),
        fault(
            "avs_check_digit",
            N_("OASI number mistyped"),
            N_("The last digit of “%(text)s” does not fit the others: a digit is wrong or two are swapped."),
            N_("Compare the number with the insurance certificate or the health insurance card."),
        ),
        fault(
            "uid_unreadable",
            N_("UID not readable"),
            N_("“%(text)s” is not a UID."),
            N_("Write it like CHE-123.456.788; the UID register at www.uid.admin.ch lists every company."),
        ),
        fault(
            "uid_check_digit",
            N_("UID mistyped"),
            N_("The last digit of “%(text)s” does not fit the others: a digit is wrong or two are swapped."),
            N_("Look the number up in the UID register at www.uid.admin.ch."),
        ),
    ]
)
