from __future__ import annotations

import json
from typing import Annotated, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.declare.columns import column_of
from core.declare.declaration import Row
from core.declare.frame import FINDINGS_SCHEMA, canonicalise, dtypes_of
from core.declare.kinds import FieldFault, Kind
from core.declare.texts import strip
from tests.unit.core.declare.kind_samples import EVERY_KIND, KNOWN_TEXTS, TEXTS, list_declared_kinds


def row_of(kind: Kind[Any]) -> type[Row]:
    annotations = {"entry": Annotated[Any, kind]}
    return type("Sample", (Row,), {"__annotations__": annotations, **({} if kind.required else {"entry": None})})


def read(kind: Kind[Any], text: str | None) -> tuple[Any, FieldFault | None]:
    try:
        return kind.clean(text), None
    except FieldFault as fault:
        return None, fault


def answer_of(kind: Kind[Any], text: str | None) -> tuple[Any, str | None]:
    value, fault = read(kind, text)
    return (None if value is None else column_of(kind).store(value)), fault.code if fault else None


def check_agreement(kind: Kind[Any], texts: list[str | None]) -> None:
    raw = pl.DataFrame({"row": range(2, len(texts) + 2), "entry": texts}, schema={"row": pl.Int64, "entry": pl.String})
    typed, findings = canonicalise(raw, row_of(kind))
    values, codes = dict(typed.iter_rows()), {row: code for row, _, code, _, _ in findings.iter_rows()}
    kept = {row: text for row, text in raw.iter_rows() if strip(text or "")}
    assert set(values) == set(kept)
    for row, text in kept.items():
        assert (values[row], codes.get(row)) == answer_of(kind, text), (kind.name, text)
    assert typed.schema == dtypes_of(row_of(kind))
    assert len(kept) == typed["entry"].drop_nulls().len() + findings.filter(pl.col("code") != "required").height


def test_every_declared_kind_has_a_sample():
    assert {type(kind) for kind in EVERY_KIND} == list_declared_kinds()


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: f"{kind.name}{'' if kind.required else '?'}")
def test_expression_and_scalar_agree_on_known_texts(kind):
    check_agreement(kind, KNOWN_TEXTS)


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: f"{kind.name}{'' if kind.required else '?'}")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(st.one_of(st.none(), TEXTS), min_size=1, max_size=60))
def test_expression_and_scalar_agree_on_any_text(kind, texts):
    check_agreement(kind, texts)


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: f"{kind.name}{'' if kind.required else '?'}")
@settings(max_examples=25, deadline=None)
@given(text=TEXTS)
def test_canonical_text_and_json_read_back_to_the_same_value(kind, text):
    value, fault = read(kind, text)
    if fault is not None:
        assert fault.rule.why % {"label": "", **fault.params}
        assert fault.rule.fix % {"label": "", **fault.params}
    if value is not None:
        assert kind.clean(kind.to_text(value)) == value
        assert kind.clean(kind.to_json(value)) == value
        assert kind.clean(value) == value
        assert kind.display(value, "fr")


def test_text_in_row_1501_of_a_numeric_column_is_a_finding():
    kind = next(kind for kind in EVERY_KIND if kind.name == "money")
    texts = [str(number) for number in range(3000)]
    texts[1499] = "siehe Beilage"
    raw = pl.DataFrame({"row": range(2, 3002), "entry": texts})
    typed, findings = canonicalise(raw, row_of(kind))
    assert findings.select("row", "field", "code", "severity").rows() == [(1501, "entry", "number_unreadable", "block")]
    assert json.loads(findings["params"][0])["text"] == "siehe Beilage"
    assert typed["entry"].null_count() == 1


def test_rows_without_entry_are_left_out_and_others_miss_what_is_required():
    class Pair(Row):
        first: Annotated[str, EVERY_KIND[0]]
        second: Annotated[str, EVERY_KIND[0]]

    raw = pl.DataFrame({"row": [1, 2, 3], "first": ["ab", " \u200b", None], "second": [None, "", "cd"]})
    typed, findings = canonicalise(raw, Pair)
    assert typed.rows() == [(1, "ab", None), (3, None, "cd")]
    assert findings.select("row", "field", "code").rows() == [(1, "second", "required"), (3, "first", "required")]


def test_column_that_is_missing_is_one_finding():
    class Pair(Row):
        first: Annotated[str, EVERY_KIND[0]]
        second: Annotated[str, EVERY_KIND[0]]

    typed, findings = canonicalise(pl.DataFrame({"row": [1, 2], "first": ["ab", "cd"], "else": ["x", "y"]}), Pair)
    assert typed.columns == ["row", "first", "second"]
    assert findings.select("row", "field", "code").rows() == [(None, "second", "column_missing")]


def test_nothing_in_gives_nothing_out():
    typed, findings = canonicalise(pl.DataFrame(schema={"row": pl.Int64, "entry": pl.String}), row_of(EVERY_KIND[0]))
    assert (typed.height, findings.height, findings.schema) == (0, 0, FINDINGS_SCHEMA)
