"""A file that the scanner refuses: the sender reads why, whatever the file was for."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.documents.models import Document
from core.documents.refusals import explain
from core.messaging.files import FileUnsafe
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support.hostile_files import make_png
from tests.support.mailbox import SALARY, draft


@pytest.fixture
def message(office):
    with tenant_transaction(office.caisse):
        return draft(office.actor(), SALARY)


def _upload(office, message, action, field, language):
    browser = office.browser("anne", HTTP_ACCEPT_LANGUAGE=language)
    file = SimpleUploadedFile("lohn.png", make_png(tail=b"x"), content_type="image/png")
    answer = browser.post(office.url(f"m/{message.id}/{action}/"), {field: file}, follow=True)
    drain(caisse=office.caisse)
    return browser, answer


def test_page_says_why_a_data_file_was_refused(office, message):
    browser, _answer = _upload(office, message, "upload", "file", "en")
    page = browser.get(office.url(f"m/{message.id}/rows/")).content.decode()
    assert str(explain("two_in_one")) in page
    assert str(FileUnsafe().message) not in page


def test_attachment_that_is_refused_says_why_and_is_not_kept(office, message):
    _browser, answer = _upload(office, message, "attach", "file", "en")
    assert str(explain("two_in_one")) in answer.content.decode()
    with tenant_transaction(office.caisse):
        assert not Document.objects.filter(message_id=message.id).exists()
