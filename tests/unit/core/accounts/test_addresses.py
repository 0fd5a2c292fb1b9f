"""Which address counts, and as what."""

from __future__ import annotations

import pytest
from django.test import RequestFactory, override_settings

from core.accounts.addresses import address_prefix, client_address


def address(proxies: int, forwarded: str | None) -> str:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    with override_settings(TRUSTED_PROXY_COUNT=proxies):
        return client_address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **headers))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, None, "10.0.0.1"),
        (1, "6.6.6.6, 192.0.2.9", "192.0.2.9"),
        (2, "6.6.6.6, 192.0.2.9, 10.0.0.2", "192.0.2.9"),
        (2, "192.0.2.9", "10.0.0.1"),
    ],
)
def test_forwarded_address_counts_only_behind_known_proxies(proxies, forwarded, expected):
    assert address(proxies, forwarded) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("192.0.2.9", "192.0.2.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.9", "192.0.2.9"),
        ("not an address", "unknown"),
        ("", "unknown"),
    ],
)
def test_ipv6_counts_by_network(raw, expected):
    assert address_prefix(raw) == expected
