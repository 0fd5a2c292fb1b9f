"""Canonical JSON: one form for one value."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.evidence.canonical import MAX_WHOLE, NotCanonical, to_canonical_json

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
whole = st.integers(-MAX_WHOLE, MAX_WHOLE)
values = st.recursive(
    st.none() | st.booleans() | whole | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_canonical_json_reads_back_and_is_stable(value):
    text = to_canonical_json(value)
    assert json.loads(text) == value
    assert to_canonical_json(json.loads(text)) == text


def test_names_stand_in_the_order_of_utf16():
    # The example of RFC 8785, section 3.2.3: the emoji's surrogates come before U+FB33.
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]
    ordered = list(json.loads(to_canonical_json(dict.fromkeys(names, 0))))
    assert ordered == ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_texts_are_escaped_as_little_as_possible():
    assert to_canonical_json('é"\\\x01\n/\x7f') == '"é\\"\\\\\\u0001\\n/\x7f"'.encode()


@pytest.mark.parametrize("value", [1.0, Decimal(1), MAX_WHOLE + 1, {1: 2}, b"x", {"a": [0.5]}, "\ud800"])
def test_values_without_canonical_form_are_refused(value):
    with pytest.raises(NotCanonical):
        to_canonical_json(value)
