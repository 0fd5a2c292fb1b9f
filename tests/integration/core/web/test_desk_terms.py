"""A party's terms at the desk: an acceptance on paper is written down with its scan, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.policy import caisse_today
from core.documents.models import Document
from core.kernel.identifiers import new_id
from core.terms.models import Answer, TermsText
from tenants.scope import tenant_transaction
from tests.support.hostile_files import make_pdf
from tests.support.terms import answer, publish

PDF = make_pdf()


@pytest.fixture
def version(office):
    return publish(office, caisse_today(office.caisse))


def page(office):
    return f"/clerk/parties/{office.parties['factory'].id}/terms/"


def send(office, version, name="elena", **changed):
    with tenant_transaction(office.caisse):
        text = TermsText.objects.get(version=version, language="fr")
    form = {
        "text": str(text.id),
        "signed_by": "Anne Exemple",
        "signed_on": caisse_today(office.caisse).isoformat(),
        "channel": "counter",
        "paper": SimpleUploadedFile("charte.pdf", PDF, "application/pdf"),
    }
    kept = {key: value for key, value in (form | changed).items() if value is not None}
    return office.browser(name).post(page(office), kept)


def count(office):
    with tenant_transaction(office.caisse):
        return Answer.objects.count(), Document.objects.filter(kind="signed_charter").count()


def test_a_signed_charter_binds_the_company_and_its_scan_stays(office, version):
    assert send(office, version).status_code == 302
    with tenant_transaction(office.caisse):
        given = Answer.objects.get()
        text = TermsText.objects.get(version=version, language="fr")
        assert (given.kind, given.channel, given.sha256) == ("accepted", "counter", text.sha256)
        assert (given.user_id, given.user_name) == (None, "Anne Exemple")
        assert given.recorded_by_name == office.clerk("elena").name
    shown = office.browser("elena").get(page(office)).content.decode()
    assert f"{given.id}/paper/" in shown
    scan = office.browser("elena").get(f"{page(office)}{given.id}/paper/")
    assert b"".join(scan.streaming_content) == PDF
    # The company is bound; each user still answers for herself.
    asked = office.browser("anne").get(office.url("terms/")).content.decode()
    assert 'value="accepted"' not in asked
    assert 'value="acknowledged"' in asked


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"paper": None}, 422),
        ({"signed_by": "  "}, 422),
        ({"signed_on": "gestern"}, 422),
        ({"signed_on": "2999-01-01"}, 422),
        ({"signed_on": "2001-01-01"}, 422),
        ({"channel": "portal"}, 404),
        ({"text": "nothing"}, 404),
    ],
)
def test_what_is_missing_or_wrong_leaves_nothing_behind(office, version, changed, status):
    assert send(office, version, **changed).status_code == status
    assert count(office) == (0, 0)


def test_the_same_version_is_written_down_once(office, version):
    answer(office, version, "accepted")
    before = count(office)
    assert send(office, version).status_code == 409
    assert count(office) == before


def test_a_draft_another_kind_s_text_and_an_auditor_are_refused(office, version):
    other = publish(office, caisse_today(office.caisse) + timedelta(days=1), audience="insured")
    assert send(office, other).status_code == 404
    assert send(office, version, name="greta").status_code == 404
    assert count(office) == (0, 0)


@pytest.mark.usefixtures("still_clock")
def test_a_thousand_answers_cost_no_more_queries_than_one(office, version):
    answer(office, version, "accepted")
    with tenant_transaction(office.caisse):
        first = Answer.objects.filter(kind="acknowledged").values().get()

    def add(number):
        with tenant_transaction(office.caisse):
            Answer.objects.bulk_create(
                Answer(**first | {"id": new_id(), "user_id": None, "at": first["at"] - timedelta(days=one + 1)})
                for one in range(number)
            )

    def cost():
        browser = office.browser("elena")
        browser.get(page(office))
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(page(office)).status_code == 200
        return len(seen)

    one = cost()
    add(2)
    three = cost()
    add(997)
    assert cost() == three == one
    assert "?cursor=" in office.browser("elena").get(page(office)).content.decode()
