from __future__ import annotations

from uuid import UUID

import pytest

from core.declare.kinds import Boolean, Choice, Document, Email, FieldFault, Iban, LongText, Phone, Text
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
        ("  Anna \t Muster ", "Anna Muster"),
        ("Zoe\u0308", "Zoë"),
        ("a\x00b", "control_characters"),
        ("a\ud800b", "control_characters"),
        ("x" * 201, "text_too_long"),
    ],
)
def test_text_is_tidied(typed, expected):
    assert outcome(Text(label=LABEL), typed) == expected


def test_text_of_fixed_form_gives_its_example():
    with pytest.raises(FieldFault) as caught:
        Text(label=LABEL, pattern="[A-Z]{2}[0-9]", examples=("AB1",)).clean("ab1")
    assert (caught.value.code, caught.value.params) == ("text_form", {"text": "ab1", "example": "AB1"})


def test_long_text_keeps_its_lines():
    assert LongText(label=LABEL).clean(" a  b \r\n\r\n\r\n\r\n c ") == "a b\n\nc"


SEX = Choice(label=LABEL, choices={"F": N_("female"), "M": N_("male")}, spoken={"féminin": "F", "Frau": "F"})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("F", "F"),
        ("f", "F"),
        ("FEMININ", "F"),
        (" frau ", "F"),
        ("Male", "M"),
        ("?", "choice_unknown"),
        ("X", "choice_unknown"),
    ],
)
def test_choice_reads_values_and_spoken_words(typed, expected):
    assert outcome(SEX, typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("ja", True), ("Oui", True), ("sì", True), ("X", True), ("✓", True), ("1.0", True), (True, True), ("Nein", False),
     ("0", False), ("0.0", False), ("10", "boolean_unreadable"), ("perhaps", "boolean_unreadable"), ("", "required")],
)  # fmt: skip
def test_boolean_reads_four_languages(typed, expected):
    assert outcome(Boolean(label=LABEL), typed) == expected


def test_tick_left_empty_means_no():
    assert Boolean(label=LABEL, required=False, empty_is_no=True).clean("") is False


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mailto:Anna@Example.CH", "Anna@example.ch"),
        ("anna@example", "email_unreadable"),
        ("a b@example.ch", "email_unreadable"),
        ("a@b.ch, c@d.ch", "email_unreadable"),
    ],
)
def test_email_has_its_form(typed, expected):
    assert outcome(Email(label=LABEL), typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("044 668 18 00", "+41446681800"), ("+41 (0)44 668 18 00", "+41446681800"), ("0041446681800", "+41446681800"),
     ("12", "phone_unreadable"), ("call me", "phone_unreadable")],
)  # fmt: skip
def test_phone_is_kept_with_country_code(typed, expected):
    assert outcome(Phone(label=LABEL, region="CH"), typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ch93 0076 2011 6238 5295 7", "CH9300762011623852957"),
        ("CH93 0076 2011 6238 5295 8", "iban_check_digits"),
        ("DE89 3704 0044 0532 0130 00", "iban_country"),
        ("1234", "iban_unreadable"),
    ],
)
def test_iban_is_checked(typed, expected):
    assert outcome(Iban(label=LABEL, countries=("CH", "LI")), typed) == expected


def test_document_is_a_reference():
    known = UUID("0192f0c0-0000-7000-8000-000000000001")
    assert outcome(Document(label=LABEL), str(known)) == known
    assert outcome(Document(label=LABEL), "contract.pdf") == "document_unreadable"
