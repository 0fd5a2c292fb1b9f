"""A day on a page or in a workbook is the day where the caisse is: late in the evening of UTC it is the next one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest

from core.accounts.models import Activation, MandateRequest
from core.kernel.identifiers import new_id
from core.letters.models import Campaign, Letter
from core.messaging.models import Message
from core.outbox.services import drain
from core.terms.models import Answer
from tenants.scope import tenant_transaction
from tests.support.routes import build_scene

LATE = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)  # half past midnight of the first of August in Bern
DAY = date(2026, 8, 1)


@pytest.fixture
def scene(office):
    return build_scene(office)


def days_in(answer):
    """Return all days in the rows below a workbook's head."""
    assert answer.status_code == 200, answer.content
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.values)[1:]
    return {cell.date() for row in rows for cell in row if isinstance(cell, datetime)}


def test_lists_of_messages_leave_with_the_days_of_the_caisse(office, scene):
    with tenant_transaction(office.caisse):
        Message.objects.update(changed_at=LATE, due_on=None)
        Message.objects.filter(sent_at__isnull=False).update(sent_at=LATE)
    anne, elena = office.browser("anne"), office.browser("elena")
    assert days_in(elena.get("/clerk/export.xlsx")) == {DAY}
    assert days_in(anne.get(office.url("drafts/export.xlsx"))) == {DAY}
    assert days_in(anne.post("/due/export.xlsx", {"part": "drafts"})) == {DAY}


def test_letters_answers_and_mandates_leave_with_the_days_of_the_caisse(office, scene):
    drain(caisse=office.caisse)
    with tenant_transaction(office.caisse):
        Campaign.objects.update(created_at=LATE, kept_until=LATE)
        Letter.objects.update(made_at=LATE)
        Activation.objects.update(created_at=LATE - timedelta(days=1), expires_at=LATE)
        given = Answer.objects.values().get(id=scene.values["answer_id"])  # of today, and never changed
        Answer.objects.create(**given | {"id": new_id(), "party_id": office.parties["bakery"].id, "at": LATE})
        MandateRequest.objects.update(asked_at=LATE)
    gilles, values = office.browser("gilles"), scene.values
    campaign = f"/console/access-letters/{values['campaign_id']}/"
    assert days_in(gilles.get("/console/access-letters/campaigns.xlsx")) == {DAY}
    assert days_in(gilles.post(f"{campaign}letters.xlsx", {})) == {DAY}
    shown = gilles.get(campaign).content.decode()
    assert shown.count("01.08.2026") >= 2
    assert "31.07.2026" not in shown
    answers = days_in(gilles.get(f"/console/terms-of-use/{values['version_id']}/answers.xlsx"))
    assert (DAY in answers, LATE.date() in answers) == (True, False)
    assert days_in(office.browser("elena").post("/clerk/mandates/export.xlsx")) == {DAY}
