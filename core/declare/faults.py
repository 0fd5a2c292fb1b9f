"""What can be wrong with one entry: a stable code for each fault, and the words that say how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.issues import Rule, Scalar, Severity
from core.kernel.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Iterable


class FieldFault(Exception):
    """An entry that its kind cannot accept; ``params`` fill the placeholders of the fault's texts."""

    def __init__(self, code: str, **params: Scalar) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, Scalar] = params

    @property
    def rule(self) -> Rule:
        """Title, reason and remedy of this fault."""
        return get_fault(self.code)


_faults: dict[str, Rule] = {}


def register_faults(faults: Iterable[Rule]) -> None:
    """Add the faults of a set of kinds; a code means one thing in the whole house."""
    for fault in faults:
        if _faults.get(fault.code, fault) != fault:
            message = f"fault {fault.code!r} is declared twice"
            raise ValueError(message)
        _faults[fault.code] = fault


def get_fault(code: str) -> Rule:
    """Return title (short), why (a sentence with ``%(text)s`` and the like) and fix (a sentence)."""
    return _faults[code]


def is_fault(code: str) -> bool:
    """Whether the code names a fault of one entry rather than a theme's rule."""
    return code in _faults


def list_faults() -> list[Rule]:
    """Return every known fault, by code."""
    return [_faults[code] for code in sorted(_faults)]


def fault(code: str, title: Text, why: Text, fix: Text) -> Rule:
    """Declare a fault; all faults of single entries block sending."""
    return Rule(code=code, severity=Severity.BLOCK, title=title, why=why, fix=fix)


register_faults(
    [
        fault(
            "required",
            N_("Entry missing"),
            N_("This entry is missing."),
            N_("Fill it in."),
        ),
        fault(
            "column_missing",
            N_("Column missing"),
            N_("The file has no column for “%(label)s”."),
            N_("Add the column, or download the template and copy your data into it."),
        ),
        fault(
            "value_unreadable",
            N_("Entry not readable"),
            N_("Here a single text, number or yes/no is expected."),
            N_("Send one plain value, not a list or an object."),
        ),
        fault(
            "control_characters",
            N_("Invisible characters"),
            N_("The entry contains invisible control characters."),
            N_("Type it again by hand instead of pasting it."),
        ),
        fault(
            "text_too_long",
            N_("Text too long"),
            N_("The text has %(length)s characters; at most %(limit)s are possible."),
            N_("Shorten it."),
        ),
        fault(
            "text_too_short",
            N_("Text too short"),
            N_("The text has %(length)s characters; at least %(limit)s are needed."),
            N_("Write it out in full."),
        ),
        fault(
            "text_form",
            N_("Unexpected form"),
            N_("“%(text)s” does not have the expected form."),
            N_("Write it like this example: %(example)s."),
        ),
        fault(
            "number_unreadable",
            N_("Number not readable"),
            N_("“%(text)s” is not a number."),
            N_("Use digits, and a dot or comma before the decimals, such as %(example)s."),
        ),
        fault(
            "number_ambiguous",
            N_("Number ambiguous"),
            N_("“%(text)s” can be read in two ways: as thousands or as decimals."),
            N_("Leave out the separator of the thousands, such as %(example)s."),
        ),
        fault(
            "number_too_many_decimals",
            N_("Too many decimals"),
            N_("“%(text)s” has more than %(scale)s decimals."),
            N_("Round it to %(scale)s decimals."),
        ),
        fault(
            "number_not_whole",
            N_("Not a whole number"),
            N_("“%(text)s” is not a whole number."),
            N_("Leave out the decimals."),
        ),
        fault(
            "number_too_small",
            N_("Number too small"),
            N_("“%(text)s” is below the smallest possible value, %(limit)s."),
            N_("Check the sign and the digits."),
        ),
        fault(
            "number_too_large",
            N_("Number too large"),
            N_("“%(text)s” is above the largest possible value, %(limit)s."),
            N_("Check whether the decimal point is in its place."),
        ),
        fault(
            "date_unreadable",
            N_("Date not readable"),
            N_("“%(text)s” is not a date."),
            N_("Write day, month and year in digits, such as 12.03.2025."),
        ),
        fault(
            "date_two_digit_year",
            N_("Year with two digits"),
            N_("The year of “%(text)s” has only two digits."),
            N_("Write the year with four digits, such as 12.03.2025."),
        ),
        fault(
            "date_not_in_calendar",
            N_("No such day"),
            N_("The calendar has no day “%(text)s”."),
            N_("Write the day first, then the month, then the year, and check the number of days in that month."),
        ),
        fault(
            "date_out_of_range",
            N_("Date out of range"),
            N_("“%(text)s” is not between %(earliest)s and %(latest)s."),
            N_("Check the year."),
        ),
        fault(
            "year_unreadable",
            N_("Year not readable"),
            N_("“%(text)s” is not a year."),
            N_("Write the year with four digits, such as 2025."),
        ),
        fault(
            "year_out_of_range",
            N_("Year out of range"),
            N_("“%(text)s” is not between %(earliest)s and %(latest)s."),
            N_("Check the year."),
        ),
        fault(
            "period_unreadable",
            N_("Period not readable"),
            N_("“%(text)s” is not a period."),
            N_("Write the first and the last day, such as 01.01.2025 – 31.12.2025, or only a year."),
        ),
        fault(
            "period_reversed",
            N_("Period ends before it begins"),
            N_("In “%(text)s” the last day comes before the first."),
            N_("Write the earlier day first."),
        ),
        fault(
            "choice_unknown",
            N_("Not one of the choices"),
            N_("“%(text)s” is not one of the possible values."),
            N_("Use one of these: %(choices)s."),
        ),
        fault(
            "boolean_unreadable",
            N_("Neither yes nor no"),
            N_("“%(text)s” is neither yes nor no."),
            N_("Write yes or no."),
        ),
        fault(
            "email_unreadable",
            N_("E-mail address not readable"),
            N_("“%(text)s” is not an e-mail address."),
            N_("Write it like name@example.ch."),
        ),
        fault(
            "phone_unreadable",
            N_("Phone number not readable"),
            N_("“%(text)s” is not a phone number."),
            N_("Write it with the country code, such as %(example)s."),
        ),
        fault(
            "iban_unreadable",
            N_("IBAN not readable"),
            N_("“%(text)s” does not have the form of an IBAN."),
            N_("Copy the IBAN from a bank statement; it begins with two letters for the country."),
        ),
        fault(
            "iban_check_digits",
            N_("IBAN mistyped"),
            N_("The check digits of “%(text)s” do not fit: a digit is wrong or two are swapped."),
            N_("Compare the IBAN with a bank statement."),
        ),
        fault(
            "iban_country",
            N_("IBAN of another country"),
            N_("“%(text)s” belongs to an account in a country that is not possible here."),
            N_("Give an account in one of these countries: %(countries)s."),
        ),
        fault(
            "document_unreadable",
            N_("Document unknown"),
            N_("“%(text)s” does not name a document."),
            N_("Upload the document, then choose it from the list."),
        ),
        fault(
            "digits_lost",
            N_("Digits lost in the spreadsheet"),
            N_("The spreadsheet stored the number as “%(text)s”; some of its digits are lost."),
            N_("Format the column as text and enter the number again."),
        ),
    ]
)
