"""What counts as a password that many people use."""

from __future__ import annotations

import pytest

from core.accounts.blocklist import is_common


@pytest.mark.parametrize(
    "password",
    [
        *("password123", "Motdepasse2026!", "P@ssw0rd-2026", "Soleil-Soleil", "soleilsoleil12", "Zürich.2026.."),
        *("1234567890ab", "qwertzuiop12", "azertyuiop-2026", "aaaaaaaaaaaa", "abababababab", "!!Ausgleichskasse1"),
        *("abcdefgh12345678", "0987654321zyxw"),
    ],
)
def test_what_many_use_is_seen_through_its_trimmings(password):
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        *(
            "mésange bleue 7 lacs",
            "Trois mésanges 4 lacs!",
            "Lac-de-Morat-2026",
            "mésange-bleu",
            "mésanges",
            "kX9!vTq2#pLm",
        ),
        "soleil sur le balcon",
    ],
)
def test_others_are_not(password):
    assert not is_common(password)
