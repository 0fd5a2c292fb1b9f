"""What can be wrong with French identifiers."""

from __future__ import annotations

from core.declare.faults import fault, register_faults
from core.kernel.text import N_

_MISTYPED = N_("The last digit of “%(text)s” does not fit the others: a digit is wrong or two are swapped.")
_REGISTER = N_("Look the number up at annuaire-entreprises.data.gouv.fr.")
_CARD = N_("Copy all 15 signs from the carte Vitale or a statement of the health insurance.")

register_faults(
    [
        fault("siren_unreadable", N_("SIREN not readable"), N_("“%(text)s” is no SIREN: it has 9 digits."), _REGISTER),
        fault("siren_check_digit", N_("SIREN mistyped"), _MISTYPED, _REGISTER),
        fault("siret_unreadable", N_("SIRET not readable"), N_("“%(text)s” is no SIRET: it has 14 digits."), _REGISTER),
        fault("siret_check_digit", N_("SIRET mistyped"), _MISTYPED, _REGISTER),
        fault(
            "nir_unreadable",
            N_("Social security number not readable"),
            N_("“%(text)s” is no social security number: it has 13 signs and a key of 2 digits."),
            _CARD,
        ),
        fault(
            "nir_check_digits",
            N_("Social security number mistyped"),
            N_("The key at the end of “%(text)s” does not fit the number."),
            _CARD,
        ),
    ]
)
