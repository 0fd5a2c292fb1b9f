from __future__ import annotations

import pytest

from core.declare.kinds import FieldFault
from core.jurisdictions.ch.cantons import canton_name, cantons
from core.jurisdictions.ch.kinds import (
    AvsNumber,
    BranchNumber,
    Canton,
    CivilStatus,
    PostalCode,
    ResidenceCanton,
    Sex,
    Uid,
)
from core.kernel.text import N_

LABEL = N_("Field")


def outcome(kind, typed):
    try:
        return kind.clean(typed)
    except FieldFault as fault:
        return fault.code


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("756.9217.0769.85", "7569217076985"),
        ("756 9217 0769 85", "7569217076985"),
        ("7569217076985", "7569217076985"),
        ("7569217076985.0", "7569217076985"),
        ("7.569217076985E12", "7569217076985"),
        ("7.569217076985e+12", "7569217076985"),
        (7569217076985, "7569217076985"),
        (7569217076985.0, "7569217076985"),
        ("7.56922E+12", "digits_lost"),
        ("756.1234.5678.95", "avs_check_digit"),
        ("123.4517.8128.11", "avs_prefix"),
        ("123.45.678.901", "avs_old"),
        ("756.9217.0769", "avs_unreadable"),
        ("756.9217.0769.8", "avs_unreadable"),
        ("unknown", "avs_unreadable"),
    ],
)
def test_avs_number(typed, expected):
    assert outcome(AvsNumber(label=LABEL), typed) == expected


def test_avs_number_is_shown_in_groups():
    assert AvsNumber(label=LABEL).display("7569217076985", "de") == "756.9217.0769.85"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("CHE-107.787.577", "CHE107787577"),
        ("che 107 787 577 TVA", "CHE107787577"),
        ("107.787.577", "CHE107787577"),
        ("CHE-123.456.789", "uid_check_digit"),
        ("CHE-107.787", "uid_unreadable"),
    ],
)
def test_enterprise_number(typed, expected):
    assert outcome(Uid(label=LABEL), typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("VD", "VD"), ("vd", "VD"), ("Zurigo", "ZH"), ("Bâle Ville", "BS"), ("St.Gallen", "SG"), ("EX", "choice_unknown")],
)
def test_canton_reads_code_or_name(typed, expected):
    assert outcome(Canton(label=LABEL), typed) == expected


def test_residence_may_be_abroad():
    kind = ResidenceCanton(label=LABEL)
    assert (outcome(kind, "étranger"), outcome(kind, "Genf")) == ("EX", "GE")
    assert kind.display("EX", "de") == "Abroad"


def test_cantons_are_complete_and_named_in_four_languages():
    assert len(cantons()) == 26
    assert {language for names in cantons().values() for language in names} == {"fr", "de", "it", "en"}
    assert (canton_name("GE", "de-CH"), canton_name("GE", "rm"), canton_name("XX", "de")) == ("Genf", "Geneva", "XX")


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        (Sex(label=LABEL), "weiblich", "F"),
        (Sex(label=LABEL), "homme", "M"),
        (CivilStatus(label=LABEL), "Married", "married"),
        (PostalCode(label=LABEL), "1003", "1003"),
        (PostalCode(label=LABEL), "0100", "text_form"),
        (BranchNumber(label=LABEL), "026.000", "026.000"),
        (BranchNumber(label=LABEL), "000.001", "text_form"),
    ],
)
def test_small_kinds(kind, typed, expected):
    assert outcome(kind, typed) == expected
