"""Each bad slug and host has a sentence of its own."""

from __future__ import annotations

import pytest
from django.test import override_settings

from tenants.addresses import parse_address
from tenants.errors import HostMalformed, HostNotAllowed, HostOfPlatform, PathPrefixNotAllowed
from tenants.host_check import network
from tenants.slugs import check_slug


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("admin", "slug_reserved"), ("www", "slug_reserved"), ('"ak26"', "slug_malformed"), ("'ak26'", "slug_malformed"),
        ("ak26; drop", "slug_malformed"), ("AK26", "slug_malformed"), ("ak--26", "slug_malformed"), ("26ak", "slug_malformed"),
        ("ak26-", "slug_malformed"), ("café", "slug_malformed"), ("ak.26", "slug_malformed"), ("ak26\n", "slug_malformed"),
        ("a" * 32, "slug_too_long"), ("a", "slug_too_short"), ("", "slug_too_short"),
    ],
)  # fmt: skip
def test_bad_slug_is_told_why(slug, code):
    from tenants.errors import SlugNotAllowed

    with pytest.raises(SlugNotAllowed) as caught:
        check_slug(slug)
    assert caught.value.code == code
    assert "%(" not in str(caught.value)


@pytest.mark.parametrize("slug", ["ak26", "ab", "caisse-du-lac", "a" * 31])
def test_good_slug_passes(slug):
    check_slug(slug)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", HostMalformed), ("no host", HostMalformed), ("portal.ch:8443", HostMalformed), ("10.0.0.1", HostMalformed),
        ("2130706433", HostMalformed), ("portal.0x7f", HostMalformed), ("[::1]", HostMalformed), ("a@b.ch", HostMalformed),
        ("-a.ch", HostMalformed), ("localhost", HostOfPlatform), ("other.localhost", HostOfPlatform),
        ("portal.ch/api", PathPrefixNotAllowed), ("portal.ch/a/b", PathPrefixNotAllowed), ("portal.ch/A_B", PathPrefixNotAllowed),
        ("portal.ch/.well-known", PathPrefixNotAllowed),
    ],
)  # fmt: skip
def test_bad_host_is_told_why(text, error):
    with pytest.raises(HostNotAllowed) as caught:
        parse_address(text)
    assert type(caught.value) is error


def test_pasted_address_is_understood():
    assert parse_address(" https://Portal.Caisse.CH/ak26/ ") == ("portal.caisse.ch", "ak26")


PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 -- refused
    "224.0.0.1", "255.255.255.255",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
    "64:ff9b::a00:1", "64:ff9b::7f00:1", "2002:a00:1::", "2001:0:a00:1::",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_no_look_goes_into_the_private_net(address):
    with override_settings(EMBEDDED=False, HOST_CHECK_NETWORKS=[]):
        assert not network.is_admitted(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_asked(address):
    with override_settings(EMBEDDED=False, HOST_CHECK_NETWORKS=[]):
        assert network.is_admitted(address)


def test_a_private_network_that_the_deployment_names_is_asked():
    with override_settings(EMBEDDED=False, HOST_CHECK_NETWORKS=["10.20.0.0/16", "fd00:1::/32"]):
        assert network.is_admitted("10.20.3.4")
        assert network.is_admitted("fd00:1::5")
        assert not network.is_admitted("10.21.3.4")


def test_embedded_asks_this_machine_and_nothing_else_that_is_private():
    with override_settings(EMBEDDED=True):
        assert network.is_admitted("127.0.0.1")
        assert not network.is_admitted("10.1.2.3")
        assert network.resolve("ak26.localhost") == ["127.0.0.1"]
