"""A caisse on a shared host: every link, redirect and cookie of every page stays under its path."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tenants import addresses, hosts
from tenants.portal import portal_url
from tenants.scope import platform_transaction
from tests.integration.tenants.support import wait_until
from tests.support.browsing import Browser
from tests.support.mailbox import sign_in
from tests.support.routes import build_scene, pages

HOST, PREFIX = "union.example", "/lac/"
LINKS = {"href", "src", "action", "formaction", "poster", "data-url", "srcset"}
# One set of files for all caisses of the host; it holds nothing of any.
SHARED = "/static/"


class Links(HTMLParser):
    """Every address in a page."""

    def __init__(self, text):
        super().__init__()
        self.found = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if (name in LINKS or name.startswith(("hx-", "data-"))) and (value or "").startswith("/"):
                self.found.add((tag, name, value))


@pytest.fixture
def shared(office):
    with platform_transaction():
        addresses.replace_addresses(office.caisse, [(HOST, "lac")])
    wait_until(lambda: hosts.resolve(HOST, PREFIX).caisse is not None)
    return build_scene(office)


def browser(office, name):
    client = Browser(HTTP_HOST=HOST)
    client.cookies[f"__Secure-relais_{office.caisse.id}_session"] = sign_in(office.caisse, office.users[name])
    return client


def strays(answer):
    """Return what leads away from the caisse: links, redirects and cookies without its path."""
    found = {("redirect", "", answer["Location"])} if answer.has_header("Location") else set()
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        found |= Links(answer.content.decode()).found
    outside = {one for one in found if not one[2].startswith((PREFIX, SHARED))}
    return outside | {(name, "cookie", one["path"]) for name, one in answer.cookies.items() if one["path"] != PREFIX}


@pytest.mark.parametrize(
    ("name", "policy", "known"),
    [
        ("anne", "party", ("draft", "sent")),
        ("elena", "desk", ("sent", "recorded")),
        ("gilles", "console", ("sent",)),
        ("anne", "signed_in", ("sent",)),
        ("anne", "person", ("sent",)),
        ("anne", "public", ("sent",)),
    ],
)
def test_nothing_leads_away(office, shared, name, policy, known):
    client = browser(office, name)
    seen = 0
    for route in pages(policy):
        for path in {route.path(shared.values_of(getattr(shared, one))) for one in known}:
            answer = client.get(PREFIX.rstrip("/") + path)
            assert strays(answer) == set(), str(route)
            seen += answer.status_code in {200, 302}
    assert seen


def test_visitor_is_sent_to_the_sign_in_of_the_same_caisse(office, shared):
    answer = Browser(HTTP_HOST=HOST).get("/lac/clerk/")
    assert answer["Location"].startswith("/lac/sign-in/?next=%2Flac%2Fclerk%2F")
    assert strays(Browser(HTTP_HOST=HOST).get("/lac/sign-in/")) == set()


def test_links_made_outside_a_request_carry_the_path(office, shared):
    assert portal_url(office.caisse).endswith("://union.example:8000/lac") or "/lac" in portal_url(office.caisse)
