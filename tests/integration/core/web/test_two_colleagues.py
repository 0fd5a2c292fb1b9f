"""Two colleagues at one draft, as their browsers post it: nothing typed is lost, nothing saved is overwritten unseen."""

from __future__ import annotations

import html
import re

import pytest

from core.messaging import drafts, jobs, rows
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.mailbox import ENTRY, SALARY, current

SEEN = re.compile(r'name="seen" value="(\w+)"')


@pytest.fixture
def anne(office):
    return office.browser("anne", HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def claire(office):
    return office.browser("claire", HTTP_ACCEPT_LANGUAGE="en")


def begin(office, key):
    actor = office.actor()
    with tenant_transaction(office.caisse):
        message = drafts.start_draft(
            actor=actor, message_type=mailbox.type_of(key), party_id=actor.party_id, payload=mailbox.SOUND.get(key)
        )  # fmt: skip
        if key == SALARY:
            rows.add_row(message=message, entries=mailbox.WAGE)
            jobs.invalidate(actor=actor, message=message, revision=1)
    return office.url(f"m/{message.id}/"), message


def kept(office, message):
    with tenant_transaction(office.caisse):
        return current(message)


def wage(office, message):
    with tenant_transaction(office.caisse):
        return str(rows.get_row(message, 1).values["ahv_income"])


def test_form_shows_both_versions_and_saves_on_the_second_word(office, anne, claire):
    path, message = begin(office, ENTRY)
    assert claire.post(f"{path}edit/", {"revision": "1", "remark": "De Claire"}).status_code == 302
    answer = anne.post(f"{path}edit/", {"revision": "1", "remark": "D’Anne", "last_name": "Autre"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Claire Exemple changed this draft in the meantime." in page
    assert "De Claire" in page
    assert "D’Anne" in page
    assert 'value="Autre"' in page
    assert kept(office, message).payload["remark"] == "De Claire"
    assert 'name="revision" value="2"' in page
    anne.post(f"{path}edit/", {"revision": "2", "remark": "D’Anne", "last_name": "Autre"})
    assert kept(office, message).payload["remark"] == "D’Anne"


def test_autosave_is_told_and_keeps_what_is_typed(office, anne, claire):
    path, message = begin(office, ENTRY)
    header = {"X-Relais-Autosave": "1"}
    saved = claire.post(f"{path}edit/", {"revision": "1", "remark": "De Claire"}, headers=header)
    assert (saved.status_code, saved.json()["revision"]) == (200, 2)
    refused = anne.post(f"{path}edit/", {"revision": "1", "remark": "D’Anne"}, headers=header)
    assert (refused.status_code, refused.json()["code"], refused.json()["revision"]) == (409, "draft_conflict", 2)
    assert "Claire Exemple" in refused.json()["status"]
    assert kept(office, message).payload["remark"] == "De Claire"


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40, "1.5", "²"])
def test_revision_that_is_none_overwrites_nothing(office, anne, revision):
    path, message = begin(office, ENTRY)
    assert anne.post(f"{path}edit/", {"revision": revision, "remark": "X"}).status_code == 409
    assert anne.post(f"{path}send/", {"revision": revision, "confirmed": "on"}).status_code in {409, 422}
    assert (kept(office, message).revision, kept(office, message).state) == (1, "draft")


def open_row(browser, path):
    return SEEN.search(browser.get(f"{path}rows/1/").content.decode())[1]


def test_row_shows_both_versions_and_saves_on_the_second_word(office, anne, claire):
    path, message = begin(office, SALARY)
    annes, claires = (open_row(browser, path) for browser in (anne, claire))
    assert claire.post(f"{path}rows/1/", {"seen": claires, "ahv_income": "90000"}).status_code == 302
    answer = anne.post(f"{path}rows/1/", {"seen": annes, "ahv_income": "70000"})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "Claire Exemple changed this draft in the meantime." in page
    assert re.search(r"<dd>90\D000\.00</dd>", page), "what the colleague saved"
    assert re.search(r'value="70\D000\.00"', page), "what was typed"
    assert wage(office, message) == "90000.00"
    assert anne.post(f"{path}rows/1/", {"seen": SEEN.search(page)[1], "ahv_income": "70000"}).status_code == 302
    assert wage(office, message) == "70000.00"


def test_two_clicks_on_save_are_one_change(office, anne):
    path, message = begin(office, SALARY)
    posted = {"seen": open_row(anne, path), "ahv_income": "70000"}
    assert [anne.post(f"{path}rows/1/", posted).status_code for _time in range(2)] == [302, 302]
    assert wage(office, message) == "70000.00"


def test_colleagues_at_different_rows_do_not_disturb_each_other(office, anne, claire):
    path, message = begin(office, SALARY)
    seen = open_row(anne, path)
    assert claire.post(f"{path}rows/add/", mailbox.SECOND_WAGE).status_code == 302
    assert anne.post(f"{path}rows/1/", {"seen": seen, "ahv_income": "70000"}).status_code == 302
    assert (wage(office, message), kept(office, message).row_count) == ("70000.00", 2)


def test_entry_that_cannot_be_read_stays_as_typed(office, anne):
    path, message = begin(office, SALARY)
    answer = anne.post(f"{path}rows/1/", {"seen": open_row(anne, path), "ahv_income": "viel"})
    assert answer.status_code == 422
    assert 'value="viel"' in answer.content.decode()
    with tenant_transaction(office.caisse):
        assert rows.get_row(message, 1).entries["ahv_income"] == "viel"
