"""Slugs, prefixes, hosts and ids: what may become part of an address or of a name in SQL."""

from __future__ import annotations

import pytest

from tenants.errors import HostNotAllowed
from tenants.naming import is_caisse_id, is_host, is_path_prefix, is_slug, new_caisse_id, role_of, schema_of
from tenants.reference import CaisseRef


@pytest.mark.parametrize("slug", ["ak26", "ab", "caisse-du-lac", "a" * 31])
def test_slug_is_accepted(slug: str) -> None:
    assert is_slug(slug)


@pytest.mark.parametrize(
    "slug", ["", "a", "a" * 32, "26ak", "-ak", "ak-", "a--k", "Ak26", "ak_26", "ak26\n", "ak.26", 'a"k', "admin", "www"]
)
def test_slug_is_refused(slug: str) -> None:
    assert not is_slug(slug)


@pytest.mark.parametrize("host", ["portal.example.ch", "localhost", "a.b", "xn--bcher-kva.example"])
def test_host_is_accepted(host: str) -> None:
    assert is_host(host)


@pytest.mark.parametrize("host", ["", "A.ch", "a..ch", "a.ch.", "a.ch:80", "-a.ch", "a_b.ch", "a b", "a/b", "a" * 254])
def test_host_is_refused(host: str) -> None:
    assert not is_host(host)


@pytest.mark.parametrize(("prefix", "allowed"), [("ak26", True), ("api", False), ("clerk", False), ("a/b", False)])
def test_path_prefix_does_not_hide_pages(prefix: str, allowed: bool) -> None:
    assert is_path_prefix(prefix) is allowed


def test_new_id_is_a_safe_name() -> None:
    ids = {new_caisse_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(is_caisse_id(one) for one in ids)
    assert all(len(role_of(one)) < 64 and len(schema_of(one)) < 64 for one in ids)


@pytest.mark.parametrize("bad", ["", "abc", 'ab"defgh', "1bcdefgh", "ABCDEFGH", "abcdefgh;", "abcdefgh\n"])
def test_reference_refuses_what_is_no_id(bad: str) -> None:
    with pytest.raises(ValueError, match="8 characters"):
        CaisseRef(id=bad, slug="ak26")


def test_references_are_equal_by_id() -> None:
    one, renamed = CaisseRef("abcdefgh", "ak26"), CaisseRef("abcdefgh", "new", "suspended")
    assert one == renamed
    assert len({one, renamed, CaisseRef("abcdefgi", "ak26")}) == 2


def test_platform_keeps_its_own_hosts() -> None:
    from tenants.addresses import parse_address

    assert parse_address("Portal.Example.CH/ak26/") == ("portal.example.ch", "ak26")
    assert parse_address("localhost/ak26") == ("localhost", "ak26")
    for text in ("localhost", "other.localhost", "portal.example.ch/api", "portal example"):
        with pytest.raises(HostNotAllowed):
            parse_address(text)
