"""Idempotency-Key: a repeat gets the first answer, other contents a stable refusal, and nothing is done twice."""

from __future__ import annotations

import inspect
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from core.documents.models import Document
from core.messaging.models import Event, IdempotencyKey, Message, Receipt
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.mailbox import DUPLICATE, SALARY
from tests.support.rest import program
from tests.support.routes import rest

NEW = {"type": DUPLICATE, "payload": mailbox.SOUND[DUPLICATE]}


@pytest.fixture
def payroll(office):
    return program(office, office.actor())


def count(office, table, **values):
    with tenant_transaction(office.caisse):
        return table.objects.filter(**values).count()


def check_replayed(first, again):
    assert again.headers.get("Idempotency-Replayed") == "true"
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert "Idempotency-Replayed" not in first.headers


def check_reused(answer):
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


def ready(payroll):
    """Return path and body of a sending."""
    draft = payroll.post("messages/", NEW).json()
    revision = payroll.post(f"messages/{draft['id']}/check/").json()["revision"]
    return f"messages/{draft['id']}/", {"revision": revision, "confirmed": True}


def test_draft_is_begun_once(office, payroll):
    first, again = (payroll.post("messages/", NEW, key="k") for _time in range(2))
    check_replayed(first, again)
    assert count(office, Message) == 1
    check_reused(payroll.post("messages/", NEW | {"payload": {}}, key="k"))
    assert count(office, Message) == 1


def test_sending_twice_gives_the_first_receipt(office, payroll):
    path, body = ready(payroll)
    first, again = (payroll.post(f"{path}send/", body, key="send") for _time in range(2))
    check_replayed(first, again)
    check_reused(payroll.post(f"{path}send/", body | {"confirmed": False}, key="send"))
    check_reused(payroll.post(f"{path}withdraw/", key="send"))
    assert (count(office, Receipt), count(office, Event, name="sent")) == (1, 1)
    another_key = payroll.post(f"{path}send/", body, key="another")
    assert (another_key.status_code, another_key.json()) == (201, first.json())


def test_refused_call_may_be_repeated_with_its_key(office, payroll):
    path, body = ready(payroll)
    refused = payroll.post(f"{path}send/", body | {"confirmed": False}, key="send")
    assert (refused.status_code, refused.json()["code"]) == (422, "confirmation_missing")
    assert count(office, IdempotencyKey) == 0
    assert payroll.post(f"{path}send/", body, key="send").status_code == 201


def test_key_belongs_to_one_token(office, payroll):
    other = program(office, office.actor())
    first, elsewhere = (caller.post("messages/", NEW, key="k") for caller in (payroll, other))
    assert first.json()["id"] != elsewhere.json()["id"]
    assert count(office, Message) == 2


def test_same_key_at_another_caisse_is_another_key(office, other_office, payroll):
    first = payroll.post("messages/", NEW, key="k")
    elsewhere = program(other_office, other_office.actor()).post("messages/", NEW, key="k")
    assert (elsewhere.status_code, "Idempotency-Replayed" in elsewhere.headers) == (201, False)
    assert elsewhere.json()["id"] != first.json()["id"]


def test_draft_is_discarded_once_and_says_so_again(payroll):
    draft = payroll.post("messages/", NEW).json()
    first, again = (payroll.call("delete", f"messages/{draft['id']}/", key="gone") for _time in range(2))
    assert (first.status_code, again.status_code) == (204, 204)
    assert payroll.call("delete", f"messages/{draft['id']}/").status_code == 404


def test_upload_is_taken_once(office, payroll):
    draft = payroll.post("messages/", {"type": SALARY}).json()
    path = f"messages/{draft['id']}/files/"

    def upload(content=b"a;b\n1;2\n", purpose="data", name="a.csv"):
        return payroll.upload(path, key="file", file=SimpleUploadedFile(name, content), purpose=purpose)

    check_replayed(upload(), upload())
    assert count(office, Document) == 1
    for other in ({"content": b"a;b\n1;3\n"}, {"purpose": "attachment"}, {"name": "b.csv"}):
        check_reused(upload(**other))
    assert count(office, Document) == 1


def test_decision_is_published_once(office, payroll):
    path, body = ready(payroll)
    payroll.post(f"{path}send/", body)
    core_system = program(office, office.clerk())
    core_system.post(f"desk/{path}take/")
    decision = {"title": "Duplicata", "text": "Il suit."}
    first, again = (core_system.post(f"desk/{path}decision/", decision, key="decide") for _time in range(2))
    check_replayed(first, again)
    check_reused(core_system.post(f"desk/{path}decision/", decision | {"text": "Non."}, key="decide"))
    assert (count(office, Document, kind="decision"), count(office, Event, name="decision_published")) == (1, 1)


def test_two_calls_at_the_same_moment_have_one_effect(office):
    answers = []
    callers = [program(office, office.actor())]
    callers.append(type(callers[0])(callers[0].host, callers[0].secret))
    barrier = threading.Barrier(2)

    def call(caller):
        barrier.wait(60)
        answers.append(caller.post("messages/", NEW, key="same"))
        connections.close_all()

    threads = [threading.Thread(target=call, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert count(office, Message) == 1


def test_every_mutating_view_goes_through_the_one_way():
    """What changes something is a service call within ``mutate``, which reads the key."""
    for route in rest():
        for method in {"post", "put", "patch", "delete"} & set(vars(route.rest_view)):
            source = inspect.getsource(getattr(route.rest_view, method))
            ways = ("self.read(",) if route.rest_view.reads_by_post else ("self.mutate(", "self._step(")
            assert any(way in source for way in ways), f"{method} {route}"
