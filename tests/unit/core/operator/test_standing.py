"""What deserves attention, and how an hour was."""

from __future__ import annotations

import pytest

from core.operator.samples.standing import REASONS, find_reasons, rate_hour, weigh
from tenants.quotas import Quotas

QUOTAS = Quotas(1000, 10, 100, 1, 60, 2)


def reasons(*, schema_behind=False, failure="", sms=(0, 0), **gauges):
    return find_reasons(gauges=gauges, schema_behind=schema_behind, failure=failure, quotas=QUOTAS, sms=sms)


@pytest.mark.parametrize(
    ("facts", "found", "weight"),
    [
        ({}, [], 0),
        ({"outbox_oldest_seconds": 299, "document_bytes": 799, "sms": (7, 79)}, [], 0),
        ({"outbox_oldest_seconds": 300}, ["outbox_late"], 1),
        ({"outbox_oldest_seconds": 1800}, ["outbox_stuck"], 2),
        ({"outbox_given_up": 1}, ["given_up"], 1),
        ({"document_bytes": 800}, ["storage_nearly"], 1),
        ({"document_bytes": 1000}, ["storage_full"], 2),
        ({"sms": (8, 0)}, ["sms_nearly"], 1),
        ({"sms": (10, 0)}, ["sms_nearly"], 1),
        ({"sms": (0, 100)}, ["sms_spent"], 2),
        ({"schema_behind": True, "outbox_given_up": 2}, ["schema_behind", "given_up"], 2),
        ({"failure": "OperationalError"}, ["not_measured"], 2),
    ],
)
def test_reasons_and_their_weight(facts, found, weight):
    assert reasons(**facts) == found
    assert weigh(found) == weight
    assert set(found) <= set(REASONS)


@pytest.mark.parametrize(
    ("oldest", "given_up", "behind", "failure", "rating"),
    [
        (None, None, None, "", None),
        (0, 0, False, "", 0),
        (300, 0, False, "", 1),
        (0, 1, False, "", 1),
        (1800, 0, False, "", 2),
        (0, 0, True, "", 2),
        (None, None, False, "X", 2),
    ],
)
def test_hour_is_rated_by_what_waited(oldest, given_up, behind, failure, rating):
    assert rate_hour(oldest_seconds=oldest, given_up=given_up, schema_behind=behind, failure=failure) == rating
