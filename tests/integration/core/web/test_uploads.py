"""Files as they really arrive, through the upload page: said clearly in every language, and nothing entered is lost."""

from __future__ import annotations

import html
import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.messaging import drafts, jobs, rows
from core.messaging.models import Finding, Job
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.bad_uploads import ANNE, HEADINGS, Upload, list_mended, list_refused, list_sound, workbook
from tests.support.mailbox import SALARY, current

LANGUAGES = ("fr", "de", "it", "en")
ALERT = re.compile(r'<div class="alert alert-danger" role="alert">(.*?)</div>', re.DOTALL)
FINDING = re.compile(r'<div class="finding".*?<h3>(.*?)</h3>\s*<p>(.*?)</p>.*?<small>([\w-]+)', re.DOTALL)
FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture
def anne(office):
    return office.actor()


@pytest.fixture
def browsers(office):
    """Anne's browser in each language."""
    return {language: office.browser("anne", HTTP_ACCEPT_LANGUAGE=language) for language in LANGUAGES}


def begin(office, anne, *entered):
    """Return a draft with its year and what was entered by hand before the file comes."""
    with tenant_transaction(office.caisse):
        message = drafts.start_draft(
            actor=anne, message_type=mailbox.type_of(SALARY), party_id=anne.party_id
        )  # fmt: skip
        message = drafts.save_draft(actor=anne, message=message, revision=1, payload=mailbox.YEAR)
        rows.add_rows(message=message, many=entered)
        return jobs.invalidate(actor=anne, message=message, revision=message.revision)


def upload(office, browser, message, file):
    """Send a file through the page and let the worker read it; return the job."""
    sent = SimpleUploadedFile(file.filename, file.data)
    answer = browser.post(office.url(f"m/{message.id}/upload/"), {"file": sent})
    assert (answer.status_code, answer["Location"]) == (302, office.url(f"m/{message.id}/rows/")), file.name
    drain(caisse=office.caisse)
    with tenant_transaction(office.caisse):
        return Job.objects.filter(message=message).order_by("-created_at", "-id").first()


def contents(office, message):
    with tenant_transaction(office.caisse):
        now = current(message)
        return now.payload, now.period, [(line.number, line.values) for line in rows.iterate_rows(now)]


def code_of(job):
    return job.result["params"].get("refusal", job.fault) if job.result else job.fault


def said(office, browsers, message):
    """Return what the page of rows says of the last file, in each language."""
    found = {}
    for language, browser in browsers.items():
        page = browser.get(office.url(f"m/{message.id}/rows/")).content.decode()
        found[language] = [html.unescape(text).strip() for text in ALERT.findall(page)]
    return found


def test_what_cannot_be_read_is_said_in_every_language_and_nothing_is_lost(office, anne, browsers):
    message = begin(office, anne, mailbox.WAGE)
    before = contents(office, message)
    for file in list_refused():
        job = upload(office, browsers["fr"], message, file)
        assert (job.state, code_of(job)) == ("failed", file.refusal), file.name
        texts = said(office, browsers, message)
        assert all(len(alerts) == 1 and len(alerts[0]) > 30 for alerts in texts.values()), (file.name, texts)
        assert len({alerts[0] for alerts in texts.values()}) == len(LANGUAGES), (file.name, texts)
        assert "%(" not in str(texts), file.name
        assert all(f"({file.refusal})" in alerts[0] for alerts in texts.values()), (file.name, texts)
        assert contents(office, message) == before, file.name


@pytest.mark.parametrize("file", list(list_mended()), ids=str)
def test_what_is_wrong_inside_is_named_with_its_place_in_every_language(office, anne, browsers, file):
    message = begin(office, anne, mailbox.SECOND_WAGE)
    job = upload(office, browsers["de"], message, file)
    assert (job.state, job.fault) == ("done", "")
    payload, period, listed = contents(office, message)
    assert (len(listed), period) == (file.rows, "2025")
    if not file.filename.endswith(".xml"):
        assert payload["accident_insurer"] == "Suva", "what the file does not say stays as it was entered"
    with tenant_transaction(office.caisse):
        assert set(file.findings) <= set(Finding.objects.filter(message=message).values_list("code", flat=True))
    texts = {
        language: {
            code: (title, why)
            for title, why, code in FINDING.findall(browser.get(office.url(f"m/{message.id}/review/")).content.decode())
        }
        for language, browser in browsers.items()
    }
    for code in file.findings:
        assert len({texts[language][code] for language in LANGUAGES}) == len(LANGUAGES), (code, texts)
        assert "%(" not in str([texts[language][code] for language in LANGUAGES])


def test_text_in_the_last_row_points_at_that_row_and_keeps_the_entry(office, anne, browsers):
    (file,) = (one for one in list_mended() if one.name == "text in row 1,501")
    message = begin(office, anne)
    upload(office, browsers["fr"], message, file)
    with tenant_transaction(office.caisse):
        (finding,) = Finding.objects.filter(message=message, severity="block")
        assert (finding.row_number, finding.field, finding.code) == (1501, "ahv_income", "number_unreadable")
        assert rows.get_row(message, 1501).entries["ahv_income"] == "noch offen"


@pytest.mark.parametrize("file", list(list_sound()), ids=str)
def test_what_looks_odd_and_is_right_is_read(office, anne, browsers, file):
    message = begin(office, anne)
    job = upload(office, browsers["fr"], message, file)
    assert (job.state, job.fault) == ("done", "")
    with tenant_transaction(office.caisse):
        blocking = [
            (one.row_number, one.field, one.code) for one in Finding.objects.filter(message=message, severity="block")
        ]
        listed = [line.values for line in rows.iterate_rows(message)]
    assert blocking == []
    assert len(listed) == file.rows
    assert listed[0]["ahv_number"] == "7569217076985"
    assert str(listed[0]["birth_date"]) == "1988-03-14"


def test_umlauts_of_any_encoding_arrive(office, anne, browsers):
    for file in list_sound():
        if file.name in {"Latin-1 with semicolons", "UTF-8 with a mark", "tabulators"}:
            message = begin(office, anne)
            upload(office, browsers["fr"], message, file)
            assert contents(office, message)[2][0][1]["last_name"] == "Müller-Çelik", file.name


def test_same_file_twice_does_not_double_the_list(office, anne, browsers):
    message = begin(office, anne)
    file = Upload("twice", "lohn.xlsx", workbook([HEADINGS, ANNE]))
    first = upload(office, browsers["fr"], message, file)
    once = contents(office, message)
    second = upload(office, browsers["fr"], message, file)
    assert (first.state, second.state, first.id != second.id) == ("done", "done", True)
    assert contents(office, message) == once


def test_second_file_while_the_first_is_read_is_refused(office, anne, browsers):
    message = begin(office, anne)
    sent = {"file": SimpleUploadedFile("a.xlsx", workbook([HEADINGS, ANNE]))}
    url = office.url(f"m/{message.id}/upload/")
    assert browsers["fr"].post(url, sent).status_code == 302
    sent = {"file": SimpleUploadedFile("a.xlsx", workbook([HEADINGS, ANNE]))}
    assert browsers["fr"].post(url, sent).status_code == 409
    drain(caisse=office.caisse)
    assert len(contents(office, message)[2]) == 1


def test_change_made_while_a_file_is_read_is_kept(office, anne, browsers):
    message = begin(office, anne, mailbox.WAGE)
    sent = {"file": SimpleUploadedFile("a.xlsx", workbook([HEADINGS, ANNE, ANNE]))}
    browsers["fr"].post(office.url(f"m/{message.id}/upload/"), sent)
    with tenant_transaction(office.caisse):
        rows.add_row(message=message, entries=mailbox.SECOND_WAGE)
        jobs.invalidate(actor=anne, message=current(message), revision=current(message).revision)
    kept = contents(office, message)
    drain(caisse=office.caisse)
    with tenant_transaction(office.caisse):
        assert Job.objects.get(message=message, kind="read").fault == "contents_changed"
    assert contents(office, message) == kept
    texts = said(office, browsers, message)
    assert len({alerts[0] for alerts in texts.values()}) == len(LANGUAGES)


def test_no_text_leaves_as_a_formula(office, anne, browsers):
    message = begin(office, anne, mailbox.WAGE | {"last_name": FORMULA})
    found = browsers["fr"].get(office.url(f"m/{message.id}/rows.xlsx"))
    assert found.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(found.content))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value]
    assert [cell.data_type for cell in cells if FORMULA in str(cell.value)] == ["s"]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_upload_without_a_file_is_said_plainly(office, anne, browsers):
    message = begin(office, anne, mailbox.WAGE)
    before = contents(office, message)
    answer = browsers["fr"].post(office.url(f"m/{message.id}/upload/"))
    assert answer.status_code == 422
    assert contents(office, message) == before
