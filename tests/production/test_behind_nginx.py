"""The running platform behind nginx: reached by each host's name, over TLS only, with its headers."""

from __future__ import annotations

import pytest

from tests.production.components.nginx import DOMAIN
from tests.production.running import ask


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
@pytest.mark.parametrize("host", [DOMAIN, f"ak26.{DOMAIN}"])
def test_health_is_answered_on_every_host(running_platform, host, path):
    assert ask(running_platform.nginx, host, path=path).status == 200


def test_unknown_caisse_is_not_found(running_platform):
    assert ask(running_platform.nginx, f"nobody.{DOMAIN}", path="/").status == 404


def test_portal_answers_over_tls_with_its_headers(running_platform):
    answer = ask(running_platform.nginx, f"ak26.{DOMAIN}", path="/sign-in/")
    assert answer.status == 200
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert all("Secure" in cookie and cookie.startswith("__Host-") for cookie in cookies)


def test_development_outbox_is_not_there(running_platform):
    assert ask(running_platform.nginx, DOMAIN, path="/dev/outbox/").status == 404
