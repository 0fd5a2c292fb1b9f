"""Every page and every REST address costs as many queries for a thousand as for one; lists are paged by key."""

from __future__ import annotations

import base64
import re

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.messaging import selectors
from core.messaging.models import Message
from core.messaging.states import Box
from tenants.scope import tenant_transaction
from tests.support.growth import copy, grow, new_reference
from tests.support.rest import program
from tests.support.routes import build_scene, pages, rest

NAIVE = base64.urlsafe_b64encode(b'["2026-01-01", "0198a2b4-0000-7000-8000-000000000001"]').decode()
WORKBOOK, CHUNKS = ".xlsx", 4  # a list is written in parts of a thousand rows, two queries for each
MOST = 30  # queries of one page, the frame and the session included


@pytest.fixture
def scene(office):
    return build_scene(office)


def measure(scene, get, routes, *messages):
    """Return how many queries each address costs that answers with 200."""
    counted = {}
    for route in routes:
        paths = {name: route.path(scene.values_of(getattr(scene, name))) for name in messages}
        for path, name in {path: name for name, path in paths.items()}.items():  # most know of no message
            reset_queries()  # the record holds 9,000, of a whole process
            with CaptureQueriesContext(connection) as queries:
                status = get(path).status_code
            if status == 200:
                counted[str(route), name] = [re.sub(r"'[^']*'|\d+", "?", one["sql"])[:120] for one in queries]
    return counted


def check_equal(scene, get, routes, *messages):
    # The clock stands still: a session or a token notes once a minute that it is in use, and that would be counted.
    with clock.travel(clock.now()):
        grow(scene, 1)
        measure(scene, get, routes, *messages)  # what is read once in a process is read now
        one = measure(scene, get, routes, *messages)
        grow(scene, 2)
        three = measure(scene, get, routes, *messages)
        grow(scene, 997)
        thousand = measure(scene, get, routes, *messages)
    assert len(one) > 1
    assert one.keys() == three.keys() == thousand.keys()
    for place, queries in one.items():
        few, many = three[place], thousand[place]
        allowed = CHUNKS if place[0].endswith(WORKBOOK) else 0
        assert len(queries) == len(few), (place, [sql for sql in few if sql not in queries])
        assert len(many) - len(queries) <= allowed, (place, [sql for sql in many if sql not in queries])
        assert len(queries) <= MOST, (place, queries)


def test_pages_of_the_portal(office, scene):
    check_equal(scene, office.browser("anne").get, pages("party"), "draft", "sent")


def test_pages_of_the_desk(office, scene):
    check_equal(scene, office.browser("elena").get, pages("desk"), "sent", "recorded")


def test_rest_of_a_party(office, scene):
    routes = [route for route in rest() if not route.rest_view.for_desk]
    check_equal(scene, program(office, office.actor()).get, routes, "sent", "draft")


def test_rest_of_the_desk(office, scene):
    routes = [route for route in rest() if route.rest_view.for_desk]
    caller = program(office, office.clerk())
    check_equal(scene, caller.get, routes, "sent")


def walk(read):
    """Return the ids of all pages in order, and how many pages there were."""
    found, cursor, times = [], None, 0
    while True:
        page = read(cursor)
        found += [one.id for one in page.messages]
        cursor, times = page.next_cursor, times + 1
        if cursor is None:
            return found, times


def test_pages_by_key_hold_everything_once_in_order(office, scene):
    """Many changed at the same moment; what arrives while one pages shifts nothing."""
    anne, elena = office.actor(), office.clerk()
    with tenant_transaction(office.caisse):
        copy(scene.sent, 130, case_id=scene.sent.case_id, reference=new_reference)
        wanted = list(
            Message.objects.filter(state="in_treatment").order_by("-changed_at", "-id").values_list("id", flat=True)
        )
        for read in (
            lambda cursor: selectors.list_box(anne, Box.SENT, cursor=cursor),
            lambda cursor: selectors.list_queue(elena, cursor=cursor, states=["in_treatment"]),
        ):
            assert walk(read) == (wanted, 3)


def test_new_arrivals_do_not_shift_a_page(office, scene):
    anne = office.actor()
    with tenant_transaction(office.caisse):
        copy(scene.sent, 60, reference=new_reference)
        before, _times = walk(lambda cursor: selectors.list_box(anne, Box.SENT, cursor=cursor, limit=20))
        first = selectors.list_box(anne, Box.SENT, limit=20)
        copy(scene.sent, 5, reference=new_reference, changed_at=clock.now())
        second = selectors.list_box(anne, Box.SENT, limit=20, cursor=first.next_cursor)
    assert [one.id for one in (*first.messages, *second.messages)] == before[:40]


def test_cursor_that_is_none_is_said_so(office, scene):
    own, browser = program(office, office.actor()), office.browser("anne")
    for cursor in ("x", "====", "bnVsbA", "WyJhIl0", "W10", "é", "e30", "MQ", NAIVE, "W1tb" * 1500):
        answer = own.get(f"messages/?box=sent&cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor"), cursor
        assert browser.get(office.url(f"sent/?cursor={cursor}")).status_code == 422, cursor
