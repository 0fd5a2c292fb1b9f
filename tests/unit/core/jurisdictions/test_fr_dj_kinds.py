"""French and Djiboutian numbers: what is read, how it is shown, what is refused."""

from __future__ import annotations

import pytest

from core.declare.faults import FieldFault
from core.jurisdictions.dj.kinds import RegistrationNumber
from core.jurisdictions.fr.kinds import Nir, Siren, Siret
from core.kernel.text import N_

LABEL = N_("Number")


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "shown"),
    [
        (Siren, "732 829 320", "732829320", "732 829 320"),
        (Siret, "732.829.320-00074", "73282932000074", "732 829 320 00074"),
        (Nir, "2 95 10 99 126 111 93", "295109912611193", "2 95 10 99 126 111 93"),
        (RegistrationNumber, " 104-523 ", "104523", "104523"),
    ],
)
def test_number_is_read_in_any_spelling_and_shown_in_one(kind, typed, kept, shown):
    made = kind(label=LABEL)
    assert made.clean(typed) == kept
    assert made.show(kept, "fr") == shown
    assert made.clean(shown) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (Siren, "732 829 321", "siren_check_digit"),
        (Siren, "73282932", "siren_unreadable"),
        (Siret, "732 829 320 00075", "siret_check_digit"),
        (Siret, "732 829 320", "siret_unreadable"),
        (Nir, "2 95 10 99 126 111 94", "nir_check_digits"),
        (Nir, "9 95 10 99 126 111 93", "nir_unreadable"),
        (RegistrationNumber, "12", "dj_registration_unreadable"),
        (RegistrationNumber, "DJ104523", "dj_registration_unreadable"),
    ],
)
def test_what_is_wrong_has_its_own_code(kind, typed, code):
    with pytest.raises(FieldFault) as caught:
        kind(label=LABEL).clean(typed)
    assert caught.value.code == code
