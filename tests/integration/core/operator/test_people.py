"""Operators among themselves: added, blocked, reset; never so that nobody is left who can sign in."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.errors import RelaisError
from core.operator import people
from core.operator.models import Act
from tenants.models import Operator, OperatorSession
from tenants.scope import platform_transaction
from tests.support.operators import make_operator, operator_actor, sign_in_operator


@pytest.fixture
def erna():
    return make_operator("Erna", "erna@relais.example")


def count_queries(open_page):
    with CaptureQueriesContext(connection) as queries:
        assert open_page().status_code == 200
    return len(queries)


def step(console, operator, name):
    return console.post(f"/operator/people/{operator.id}/{name}/")


def state(operator):
    with platform_transaction():
        return Operator.objects.get(pk=operator.pk).state


def test_added_operator_gets_a_link_that_is_shown_once(console):
    answer = console.post("/operator/people/add/", {"name": "Paul Neu", "email": "paul@relais.example"})
    link = re.search(r"http://localhost:\d+(/operator/enrol/[\w-]+/)", answer.text)[1]
    assert console.get(link).status_code == 200
    assert "/operator/enrol/" not in console.get("/operator/people/").text
    assert "Paul Neu" in console.get("/operator/people/").text


@pytest.mark.parametrize(
    ("name", "email", "status"), [("", "a@b.ch", 422), ("A", "nonsense", 422), ("A", "OLGA@relais.example", 409)]
)
def test_what_cannot_be_added_is_said(console, name, email, status):
    answer = console.post("/operator/people/add/", {"name": name, "email": email})
    assert (answer.status_code, "alert-danger" in answer.text) == (status, True)


def test_blocked_operator_is_out_at_once_and_comes_back_as_before(console, erna):
    hers = sign_in_operator(operator=erna)
    assert step(console, erna, "block")["Location"] == "/operator/people/"
    assert hers.get("/operator/").status_code == 302
    with platform_transaction():
        assert OperatorSession.objects.filter(operator=erna).count() == 0
    assert step(console, erna, "block").status_code == 409
    assert step(console, erna, "unblock").status_code == 302
    assert state(erna) == "active"
    assert sign_in_operator(operator=erna).get("/operator/").status_code == 200


def test_reset_removes_all_ways_and_gives_a_link(console, erna):
    hers = sign_in_operator(operator=erna)
    answer = step(console, erna, "reset")
    assert "/operator/enrol/" in answer.text
    assert hers.get("/operator/").status_code == 302
    assert step(console, erna, "invite").status_code == 200


def test_nobody_does_it_to_herself(console, olga, erna):
    for name in ("block", "reset"):
        assert step(console, olga, name).status_code == 409
    assert state(olga) == "active"


def test_last_one_who_can_sign_in_stays(olga):
    """She who asks has lost her own way in meanwhile; the other one is then the last."""
    erna = make_operator("Erna", "erna@relais.example")
    with platform_transaction():
        Operator.objects.filter(pk=erna.pk).update(password="", totp_secret=None)
    with pytest.raises(people.OperatorLast), platform_transaction():
        people.block_operator(actor=operator_actor(erna), operator_id=olga.id)
    assert state(olga) == "active"


def test_two_who_block_each_other_do_not_both_succeed(olga, erna):
    def block(pair):
        try:
            with platform_transaction():
                people.block_operator(actor=operator_actor(pair[0]), operator_id=pair[1].id)
        except RelaisError as error:
            return error.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(block, [(olga, erna), (erna, olga)])) == ["done", "operator_changed"]
    assert sorted([state(olga), state(erna)]) == ["active", "blocked"]


@pytest.mark.parametrize("name", ["block", "unblock", "reset", "invite"])
def test_steps_ask_for_a_fresh_proof(console, erna, name):
    with platform_transaction():
        OperatorSession.objects.update(data={"proved_at": (clock.now() - timedelta(minutes=11)).isoformat()})
    for method in ("get", "post"):
        answer = getattr(console, method)(f"/operator/people/{erna.id}/{name}/")
        assert answer["Location"].startswith("/operator/prove/")
    assert state(erna) == "active"


def test_unknown_operator_and_unknown_step_do_not_exist(console, erna):
    assert console.get(f"/operator/people/{uuid4()}/block/").status_code == 404
    assert console.post(f"/operator/people/{uuid4()}/block/").status_code == 404
    assert console.get(f"/operator/people/{erna.id}/promote/").status_code == 404


def test_everything_is_written_down(console, olga, erna):
    step(console, erna, "block")
    step(console, erna, "unblock")
    step(console, erna, "reset")
    with platform_transaction():
        found = list(Act.objects.order_by("at").values_list("action", "operator_id", "about_id"))
    assert found == [(f"operator_{one}", olga.id, erna.id) for one in ("blocked", "unblocked", "reset")]


def test_list_costs_the_same_for_any_number(console):
    before = count_queries(lambda: console.get("/operator/people/"))
    with platform_transaction():
        Operator.objects.bulk_create(
            Operator(email=f"o{n}@relais.example", name=f"O {n}", created_at=clock.now()) for n in range(1000)
        )
    assert count_queries(lambda: console.get("/operator/people/")) == before
