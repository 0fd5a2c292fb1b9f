"""Operators never see what people wrote: every page of the console, with a caisse full of texts that stand out."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest

from core.accounts.models import Party, User
from core.configuration.sections import Announcement, ContactSection, NoticesSection
from core.configuration.services import change_sections
from core.documents.models import Document
from core.kernel import clock
from core.messaging.models import Event, Message
from core.operator.samples.taking import take_samples
from core.outbox.models import Entry
from tenants.models import PlatformNotice
from tenants.scope import platform_transaction, tenant_transaction
from tests.support.operators import make_operator, sign_in_operator
from tests.support.routes import PLATFORM, build_scene, list_routes

MARK = "Xylophonzitat"


@pytest.fixture
def marked(office):
    """A caisse in which every text that people write bears a mark."""
    build_scene(office)
    now = clock.now()
    with tenant_transaction(office.caisse):
        Party.objects.update(name=f"{MARK} AG", street=MARK, town=MARK)
        User.objects.update(given_name=MARK, family_name=MARK, contact_email=f"{MARK}@example.ch")
        Message.objects.update(sent_by_name=MARK, changed_by_name=MARK, assigned_name=MARK)
        for message in Message.objects.all():
            message.payload = {**message.payload, "remark": MARK, "accident_insurer": MARK}
            message.save()
        Document.objects.update(title=MARK, filename=f"{MARK}.pdf", uploaded_by_name=MARK)
        message = Message.objects.first()
        Event.objects.create(
            message=message,
            case_id=message.case_id,
            name="sent",
            at=now,
            actor_kind="party",
            actor_name=MARK,
            note=MARK,
        )
        Entry.objects.create(
            topic="notices.mail",
            payload={"notice": MARK},
            created_at=now,
            due_at=now,
            failed_at=now,
            last_error=f"no {MARK}",
        )
        sections = [
            NoticesSection(notices=(Announcement(texts={"fr": MARK}),)),
            ContactSection(street=MARK, phone=MARK),
        ]
        change_sections(actor=office.clerk("gilles"), sections=sections, reason=MARK)
    take_samples()
    return office


def texts_of(answer):
    """Return a page's text, or all parts of a workbook."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_no_page_of_the_console_shows_what_people_wrote(marked):
    browser, now = sign_in_operator(), clock.now()
    with platform_transaction():
        notice = PlatformNotice.objects.create(
            kind="notice", level="info", texts={"fr": "Bonjour"}, shown_from=now, begins_at=now,
            ends_at=now + timedelta(days=365), made_at=now, made_by="Olga",
        )  # fmt: skip
    values = {"caisse_id": marked.caisse.id, "notice_id": notice.id, "operator_id": make_operator().id}
    walked = []
    for route in list_routes(PLATFORM):
        if not route.pattern.startswith("/operator/") or route.policy != "operator":
            continue
        known = {name: values.get(name, marked.caisse.id) for name in route.parameters}
        if not set(route.parameters) <= set(values):
            continue
        for query in ("", f"?q={MARK[:4]}", f"?caisse={marked.caisse.id}", "?period=1y"):
            answer = browser.get(route.path(known) + query)
            assert MARK not in texts_of(answer), (route.pattern, query)
            walked.append((route.pattern, answer.status_code))
    shown = {pattern for pattern, status in walked if status == 200}
    assert {
        "/operator/",
        "/operator/caisses/",
        "/operator/caisses/<slug:caisse_id>/",
        "/operator/usage/usage.xlsx",
    } <= shown


def test_the_mark_would_be_found(marked):
    page = marked.browser("elena").get("/clerk/parties/").content.decode()
    posted = marked.browser("elena").post("/clerk/parties/", {"q": MARK}).content.decode()
    assert MARK in page + posted
