"""The pages of reply texts, and one put into what a clerk is writing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.messaging import desk
from core.messaging.models import Message, Reply
from tenants.scope import tenant_transaction
from tests.support import mailbox

POSTED = {"theme": "employees", "language": "fr", "title": "Rappel", "text": "Bonjour {party}, merci. {clerk}"}


@pytest.fixture
def case(office):
    with tenant_transaction(office.caisse):
        return desk.take_message(actor=office.clerk(), message=mailbox.sent(office.actor()))


@pytest.fixture
def reply(office):
    office.browser("elena").post("/clerk/replies/new/", POSTED)
    with tenant_transaction(office.caisse):
        return Reply.objects.get()


def test_text_is_written_listed_changed_and_removed(office, reply):
    browser, address = office.browser("elena"), f"/clerk/replies/{reply.id}/"
    assert [one["reply"].title for one in browser.get("/clerk/replies/").context["replies"]] == ["Rappel"]
    assert browser.get(address).context["typed"] == POSTED
    assert browser.post(address, POSTED | {"title": "Second rappel"}).status_code == 302
    assert browser.get(address).context["typed"]["title"] == "Second rappel"
    assert browser.post(f"{address}remove/").status_code == 302
    assert browser.get(address).status_code == 404


def test_faulty_text_is_kept_on_the_page_and_the_merge_field_named(office, reply):
    browser = office.browser("elena")
    answer = browser.post("/clerk/replies/new/", POSTED | {"title": "Autre", "text": "Bonjour {nom}"})
    assert (answer.status_code, answer.context["typed"]["text"]) == (422, "Bonjour {nom}")
    assert "{nom}" in answer.context["refusal"]
    assert browser.post("/clerk/replies/new/", POSTED).status_code == 409


def test_auditor_reads_texts_and_is_offered_no_form(office, reply):
    browser = office.browser("greta")
    assert not browser.get("/clerk/replies/").context["may_change"]
    assert not browser.get(f"/clerk/replies/{reply.id}/").context["may_change"]
    assert browser.post(f"/clerk/replies/{reply.id}/", POSTED).status_code == 403


@pytest.mark.parametrize(("into", "other"), [("question", "text"), ("text", "question")])
def test_text_is_put_below_what_is_typed_and_nothing_is_sent(office, case, reply, into, other):
    typed = {into: "Déjà écrit.", "into": into, f"reply_{into}": str(reply.id), "row": ["1", "2"]}
    answer = office.browser("elena").post(f"/clerk/m/{case.id}/insert/", typed)
    assert answer.status_code == 200
    assert answer.context["typed"][into] == "Déjà écrit.\n\nBonjour Factory, merci. Elena Exemple"
    assert not answer.context["typed"].get(other)
    assert answer.context["typed"]["title"] == "Rappel"
    assert answer.context["typed_rows"] == ["1", "2"]
    body = answer.content.decode()
    assert "Déjà écrit.\n\nBonjour Factory" in body
    with tenant_transaction(office.caisse):
        assert Message.objects.get().state == "in_treatment"


def test_text_of_another_theme_or_none_is_refused_and_what_is_typed_stays(office, case, reply):
    with tenant_transaction(office.caisse):
        Reply.objects.update(theme="salary_declaration")
    for chosen in (str(reply.id), "", "x"):
        typed = {"question": "Déjà écrit.", "into": "question", "reply_question": chosen}
        answer = office.browser("elena").post(f"/clerk/m/{case.id}/insert/", typed)
        assert (answer.status_code, answer.context["typed"]["question"]) == (422, "Déjà écrit.")


@pytest.mark.usefixtures("still_clock")
def test_list_costs_the_same_however_many_texts_there_are(office, reply):
    browser, costs = office.browser("elena"), []
    browser.get("/clerk/replies/")
    for count in (1, 3, 1000):
        with tenant_transaction(office.caisse):
            Reply.objects.bulk_create(
                Reply(**POSTED | {"title": f"{number} {count}"}, changed_at=clock.now(), changed_by_name="Elena")
                for number in range(count - Reply.objects.count())
            )
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get("/clerk/replies/")
        assert len(answer.context["replies"]) == count
        costs.append(len(queries))
    assert costs == [costs[0]] * 3
