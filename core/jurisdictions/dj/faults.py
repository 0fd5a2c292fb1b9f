"""What can be wrong with identifiers of Djibouti."""

from __future__ import annotations

from core.declare.faults import fault, register_faults
from core.kernel.text import N_

register_faults(
    [
        fault(
            "dj_registration_unreadable",
            N_("Registration number not readable"),
            N_("“%(text)s” is no registration number: it has 3 to 12 digits."),
            N_("Copy the number from the registration card or from a letter of the CNSS."),
        ),
    ]
)
