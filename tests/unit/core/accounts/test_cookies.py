"""Cookies on an own host, on localhost, and on a host that caisses share."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import RequestFactory

from core.accounts.cookies import cookie_of
from tenants.reference import CaisseRef

CAISSE = CaisseRef(id="abcdefgh", slug="ak26")


def cookie(host: str, *, secure: bool = False, prefix: str = ""):
    request = RequestFactory().get("/", HTTP_HOST=host, SCRIPT_NAME=prefix, secure=secure)
    request.caisse = CAISSE
    return cookie_of(request, "session")


def test_own_host_has_a_host_cookie():
    found = cookie("caisse.example", secure=True)
    assert (found.name, found.path, found.secure) == ("__Host-relais_session", "/", True)


def test_localhost_without_tls_has_a_plain_one():
    for host in ("ak26.localhost:8000", "localhost", "127.0.0.1:8000"):
        found = cookie(host)
        assert (found.name, found.path, found.secure) == ("relais_session", "/", False)


def test_any_other_host_without_tls_gets_a_cookie_that_browsers_refuse():
    assert cookie("caisse.example").name == "__Host-relais_session"
    assert cookie("evil-localhost").secure


def test_shared_host_names_the_caisse_and_binds_the_path():
    found = cookie("portal.example", secure=True, prefix="/ak26")
    assert (found.name, found.path, found.secure) == ("__Secure-relais_abcdefgh_session", "/ak26/", True)
    assert cookie("localhost", prefix="/ak26").name == "relais_abcdefgh_session"


def test_cookie_is_hidden_from_scripts_and_names_no_domain():
    response = HttpResponse()
    cookie("caisse.example", secure=True).write(response, "value")
    morsel = response.cookies["__Host-relais_session"]
    assert (morsel["httponly"], morsel["secure"], morsel["samesite"]) == (True, True, "Lax")
    assert (morsel["domain"], morsel["max-age"], morsel["expires"]) == ("", "", "")
