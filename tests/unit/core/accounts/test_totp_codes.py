"""One-time passwords by time against the vectors of RFC 6238 and 4226, and when a typed one counts."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from core.accounts.factors import totp_codes as totp

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_vectors_of_the_standard(second, code):
    assert totp.code_of(SECRET, totp.step_at(datetime.fromtimestamp(second, UTC))) == code


@pytest.mark.parametrize(("ahead", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clock_may_be_half_a_minute_off(ahead, counts):
    now = datetime(2026, 5, 1, 12, 0, 10, tzinfo=UTC)
    step = totp.step_at(now) + ahead
    found = totp.find_step(SECRET, totp.code_of(SECRET, step), now=now, after=None)
    assert found == (step if counts else None)


def test_used_period_and_those_before_it_count_no_more():
    now = datetime(2026, 5, 1, 12, 0, 10, tzinfo=UTC)
    here = totp.step_at(now)
    for ahead, counts in ((-1, False), (0, False), (1, True)):
        found = totp.find_step(SECRET, totp.code_of(SECRET, here + ahead), now=now, after=here)
        assert (found is not None) is counts


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "٢٨٧٠٨٢", "287082\x00"])
def test_what_is_no_code_fits_nothing(typed):
    assert totp.find_step(SECRET, typed, now=datetime.fromtimestamp(59, UTC), after=None) is None


def test_address_for_the_app_says_issuer_account_and_secret():
    parts = urlsplit(totp.provisioning_uri(SECRET, "olga@relais.example", "Relais"))
    assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("otpauth", "totp", "/Relais:olga@relais.example")
    assert parse_qs(parts.query) == {
        "secret": [SECRET],
        "issuer": ["Relais"],
        "digits": ["6"],
        "period": ["30"],
        "algorithm": ["SHA1"],
    }


def test_secrets_are_long_and_never_the_same():
    made = {totp.new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(one) for one in made} == {32}
