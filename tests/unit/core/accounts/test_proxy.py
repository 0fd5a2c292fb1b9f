"""Whom the platform believes that a client certificate was verified."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from core.accounts.outside.proxy import is_served, read_certificate, was_refused
from tests.support.certificates import SECRET, Authority

CLIENT = Authority().issue()


@pytest.fixture(autouse=True)
def _by_secret(settings):
    settings.CERTIFICATE_PROXY_SECRET, settings.CERTIFICATE_PROXIES = SECRET, []


def shown(**changes):
    return RequestFactory().get("/", **{**CLIENT.headers, **changes})


def test_what_our_proxy_has_verified_is_read():
    found = read_certificate(shown())
    assert (found.fingerprint, found.label) == (CLIENT.fingerprint, "Anne Exemple")
    assert (found.subject, found.issuer) == ("CN=Anne Exemple,O=Fabrique SA", "CN=Test CA")


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], SECRET + "x", SECRET + "," + SECRET])
def test_headers_of_an_untrusted_caller_are_ignored(secret):
    request = shown(HTTP_X_RELAIS_PROXY_SECRET=secret)
    assert read_certificate(request) is None
    assert not was_refused(request)


def test_nothing_is_believed_where_neither_secret_nor_address_is_set(settings):
    settings.CERTIFICATE_PROXY_SECRET = ""
    assert not is_served()
    assert read_certificate(shown()) is None
    assert read_certificate(shown(HTTP_X_RELAIS_PROXY_SECRET="")) is None


@pytest.mark.parametrize(
    ("address", "believed"), [("10.20.3.4", True), ("10.21.0.1", False), ("", False), ("x", False)]
)
def test_proxy_is_known_by_its_address(settings, address, believed):
    settings.CERTIFICATE_PROXY_SECRET, settings.CERTIFICATE_PROXIES = "", ["10.20.0.0/16", "::1/128"]
    # What a caller says of its address further out does not count.
    request = shown(REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="10.20.3.4")
    assert (read_certificate(request) is not None) is believed


def test_secret_and_address_count_together(settings):
    settings.CERTIFICATE_PROXIES = ["10.20.0.0/16"]
    assert read_certificate(shown(REMOTE_ADDR="10.20.0.1")) is not None
    assert read_certificate(shown(REMOTE_ADDR="10.20.0.1", HTTP_X_RELAIS_PROXY_SECRET="")) is None
    assert read_certificate(shown(REMOTE_ADDR="192.0.2.1")) is None


@pytest.mark.parametrize("verdict", ["FAILED:certificate has expired", "NONE", "", "success"])
def test_certificate_that_the_proxy_did_not_verify_is_none(verdict):
    assert read_certificate(shown(HTTP_X_RELAIS_CERTIFICATE_VERIFIED=verdict)) is None


def test_refused_certificate_is_told_from_a_missing_one():
    assert was_refused(shown(HTTP_X_RELAIS_CERTIFICATE_VERIFIED="FAILED:self-signed certificate"))
    assert not was_refused(shown(HTTP_X_RELAIS_CERTIFICATE_VERIFIED="NONE", HTTP_X_RELAIS_CERTIFICATE=""))


def test_expired_certificate_is_refused_even_if_the_proxy_let_it_pass():
    request = shown(**Authority().issue(days=-1).headers)
    assert read_certificate(request) is None
    assert was_refused(request)


@pytest.mark.parametrize("text", ["", "%ZZ", "-----BEGIN CERTIFICATE-----", "é", "x" * 20_000])
def test_what_is_no_certificate_is_none(text):
    assert read_certificate(shown(HTTP_X_RELAIS_CERTIFICATE=text)) is None
