"""One instance of every kind, and texts that people, spreadsheets and attackers put into its field."""

from __future__ import annotations

import inspect
import string
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from core.declare import kinds
from core.declare.texts import APOSTROPHES, BLANKS, MINUSES
from core.jurisdictions.ch import kinds as swiss
from core.kernel.text import N_

LABEL = N_("Field")
EVERY_KIND = [
    kinds.Text(label=LABEL, max_length=12, min_length=2),
    kinds.Text(label=LABEL, pattern="[A-Z]{2}[0-9]{1,3}", examples=("AB1",)),
    kinds.LongText(label=LABEL, max_length=40),
    kinds.Number(label=LABEL, scale=3, minimum=Decimal("-10.5"), maximum=Decimal(1000)),
    kinds.Number(label=LABEL, scale=0),
    kinds.Money(label=LABEL, currency="CHF", signs=("Fr.",)),
    kinds.Money(label=LABEL, currency="CHF", minimum=Decimal(0), required=False),
    kinds.Percent(label=LABEL),
    kinds.Integer(label=LABEL, minimum=-5, maximum=5000),
    kinds.Date(label=LABEL),
    kinds.Date(label=LABEL, earliest=date(2024, 1, 1), latest=date(2025, 12, 31), required=False),
    kinds.Year(label=LABEL),
    kinds.Period(label=LABEL),
    kinds.Choice(label=LABEL, choices={"F": N_("female"), "M": N_("male"), "é": N_("other")}, spoken={"Frau": "F"}),
    kinds.Boolean(label=LABEL),
    kinds.Boolean(label=LABEL, required=False, empty_is_no=True),
    kinds.Email(label=LABEL),
    kinds.Phone(label=LABEL, region="CH"),
    kinds.Iban(label=LABEL),
    kinds.Document(label=LABEL),
    swiss.AvsNumber(label=LABEL),
    swiss.Uid(label=LABEL),
    swiss.Canton(label=LABEL),
    swiss.ResidenceCanton(label=LABEL),
    swiss.Sex(label=LABEL),
    swiss.CivilStatus(label=LABEL),
    swiss.PostalCode(label=LABEL),
    swiss.BranchNumber(label=LABEL),
]
KNOWN_TEXTS = [
    "1'234.50", "1 234,50", "1.234", "1,234", "12.5", "-0", "-0.00", "5833.333333333333", "1e3", "7.569217076985E12",
    "7569217076985.0", "756.9217.0769.85", "756.9217.0769.84", "7561234567890", "45728", "45728.0", "00000", "12.3.2025",
    "2025-03-12", "2025-03-12 00:00:00", "2025-03-12T00:00:00.000", "31.02.2025", "12.3.25", "2025", "0000", "9999",
    "2025-01-01/2025-12-31", "ja", "X", "f", "Frau", "Bâle Ville", "vd", "CHE-107.787.577", "CH9300762011623852957",
    "anna@example.ch", "044 668 18 00", "0192f0c0-0000-7000-8000-000000000001", "AB12", "Zoe\u0308", "O’Neil", "a  b",
    "\ufeff1", "=1+1", "1003", "026.000", "999999999999.99", "1000000000000", "-5", "5000", "1000.0005", "0x10", "١٢",
    "1000", "-10.5", "12,5 %", "1.0", "1850-01-01", "2199-12-31", "2200-01-01", "0001-01-01", "29.02.2024", "1.1.2025",
]  # fmt: skip
ALPHABET = (
    "0123456789" * 4 + ".,'eE+-/: TZ%" + string.ascii_letters + BLANKS + APOSTROPHES + MINUSES + "éßıİ\u0308\x00\x1f"
)
figures = st.from_regex(r"\A-?[0-9]{1,13}([.,][0-9]{0,5})?\Z")
grouped = st.from_regex(r"\A-?[0-9]{1,3}(['’ \u00a0\u202f.,][0-9]{2,3}){1,4}([.,][0-9]{1,3})?\Z")
days = st.from_regex(
    r"\A([0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00(:00)?)?|[0-9]{5}(\.0)?)\Z"
)
numbers = st.from_regex(r"\A756[.]?[0-9]{4}[.]?[0-9]{4}[.]?[0-9]{2}(\.0)?\Z")
TEXTS = st.one_of(st.sampled_from(KNOWN_TEXTS), st.text(ALPHABET, max_size=16), figures, grouped, days, numbers)


def list_declared_kinds() -> set[type]:
    """Return every kind that the shared set and the jurisdiction declare."""
    modules = (kinds, swiss)
    found = {one for module in modules for _, one in inspect.getmembers(module, inspect.isclass)}
    return {one for one in found if issubclass(one, kinds.Kind) and one is not kinds.Kind}
