"""Deadlines at the desk end on a day on which the caisse works."""

from __future__ import annotations

from datetime import UTC, date, datetime

from core.configuration.sections import CalendarSection, Holiday
from core.configuration.services import change_sections
from core.kernel import clock
from core.kernel.actors import Actor
from core.messaging.desk_settings import DeskSection, treat_by
from tenants.scope import tenant_transaction

ACTOR = Actor(kind="clerk", name="Elena")


def test_case_is_to_be_treated_on_a_working_day(caisse):
    with tenant_transaction(caisse):
        change_sections(actor=ACTOR, sections=[DeskSection(treatment_days=1)])
        with clock.travel(datetime(2083, 3, 25, 12, tzinfo=UTC)):  # a Thursday, far ahead of what is set now
            assert treat_by() == date(2083, 3, 26)
            closed = (Holiday(day=date(2083, 3, 26)), Holiday(day=date(2083, 3, 29)))
            change_sections(actor=ACTOR, sections=[CalendarSection(holidays=closed)])
            assert treat_by() == date(2083, 3, 30)
