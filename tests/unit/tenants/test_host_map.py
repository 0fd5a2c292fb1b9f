"""From a Host header and a path to a caisse, without database."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from tenants.hosts import HostMap
from tenants.reference import CaisseRef

LAKE, HILL = CaisseRef("aaaaaaaa", "lake"), CaisseRef("bbbbbbbb", "hill")
MAP = HostMap(
    revision=1,
    by_host=MappingProxyType(
        {
            "lake.localhost": {"": LAKE},
            "portal.lake.ch": {"": LAKE},
            "shared.ch": {"lake": LAKE, "hill": HILL},
        }
    ),
)


@pytest.mark.parametrize(
    ("header", "path", "caisse", "prefix"),
    [
        ("lake.localhost", "/", LAKE, ""),
        ("LAKE.localhost:8000", "/hill/", LAKE, ""),
        ("portal.lake.ch.", "/", LAKE, ""),
        ("shared.ch", "/lake/p/", LAKE, "lake"),
        ("shared.ch:443", "/hill", HILL, "hill"),
    ],
)
def test_address_leads_to_its_caisse(header: str, path: str, caisse: CaisseRef, prefix: str) -> None:
    found = MAP.resolve(header, path)
    assert (found.kind, found.caisse, found.path_prefix) == ("caisse", caisse, prefix)


@pytest.mark.parametrize(
    ("header", "path", "kind"),
    [
        ("localhost:8000", "/", "platform"),
        ("shared.ch", "/", "shared"),
        ("shared.ch", "/lakes/", "shared"),
        ("www.portal.lake.ch", "/", "unknown"),
        ("127.0.0.1:8000", "/", "unknown"),
        ("", "/", "malformed"),
        ("lake.localhost,hill.localhost", "/", "malformed"),
        ("lake.localhost, lake.localhost", "/", "malformed"),
        ("user@lake.localhost", "/", "malformed"),
        ("lake.localhost/..", "/", "malformed"),
        (" lake.localhost", "/", "malformed"),
        ("lake.localhost:port", "/", "malformed"),
        ("lake.localhost\n", "/", "malformed"),
        ("http://lake.localhost", "/", "malformed"),
        ("[::1]:8000", "/", "malformed"),
        ("é.localhost", "/", "malformed"),
    ],
)
def test_other_headers_lead_to_no_caisse(header: str, path: str, kind: str) -> None:
    found = MAP.resolve(header, path)
    assert (found.kind, found.caisse) == (kind, None)
