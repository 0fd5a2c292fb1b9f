"""Whatever stands in the cells: entries in = values + findings out, and no row is dropped."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.salary import check_people, person

FIELDS = (
    "ahv_number",
    "last_name",
    "birth_date",
    "sex",
    "canton",
    "period_from",
    "exit_final",
    "ahv_income",
    "alv_income",
)
ENTRIES = st.sampled_from(
    (
        "", "756.9217.0769.85", "7569217076984", "7,56921707699E+12", "Exemple", "x", "F", "w", "FR", "Genève", "14.03.1988",
        "31.02.1988", "14.03.88", "32216", "1'234.50", "1,234.50", "1.234,50", "1.234", "-100", "12.345", "viel", "#REF!",
        "=1+1", "Total", "0", "\u200b", "é" * 120, "CHF 12.-",
    )
)  # fmt: skip
# A date in the column for the tick becomes two entries, which has a test of its own.
TICKS = st.sampled_from(("", "x", "nein", "vielleicht"))
ROWS = st.lists(
    st.fixed_dictionaries({name: TICKS if name == "exit_final" else ENTRIES for name in FIELDS}), min_size=1, max_size=6
)


@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_every_entry_is_a_value_or_a_finding(rows: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        outcome = check_people(person(), *rows, person(), folder=Path(name))
    counts = outcome.result.summary["counts"]
    assert counts["entries"] == counts["values"] + counts["faults"]
    assert counts["cells"] == counts["entries"] + counts["cells_set_aside"]
    unread = [found for found in outcome.findings if "text" in found["params"]]
    assert len(unread) == counts["faults"]
    assert {(found["row"], found["field"]) for found in unread}.isdisjoint(
        (int(row["row_number"]), field) for row in outcome.rows for field in FIELDS if row[field] not in {"", "false"}
    )
