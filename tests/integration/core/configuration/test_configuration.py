"""The configuration in memory, its history in the caisse's schema, and who hears of a change."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Self

import pytest
from django.db import DataError, connection
from pydantic import model_validator

from core.audit.models import Entry
from core.configuration import configuration, registry
from core.configuration.models import SectionVersion
from core.configuration.registry import Section
from core.configuration.sections import BrandingSection, ContactSection
from core.configuration.services import change_sections, list_versions
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import Conflict
from tenants.scope import tenant_transaction
from tests.integration.tenants.support import wait_until
from tests.support.racing import race

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.scope import CaisseRef
    from tests.support.fixtures import Database

ACTOR = Actor(kind="clerk", name="Anne Muster")


def _change(caisse: CaisseRef, *sections: Section, **options: object) -> list[str]:
    with tenant_transaction(caisse):
        return change_sections(actor=ACTOR, sections=sections, **options)


def _town(caisse: CaisseRef) -> str:
    return configuration.get(caisse, ContactSection).town


def test_warm_process_asks_nothing(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    for one in (caisse, other_caisse):
        configuration.get(one, BrandingSection)
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    for one in (caisse, other_caisse):
        configuration.get(one, BrandingSection)
        configuration.get_version(one, BrandingSection)
    connection.force_debug_cursor = False
    assert not connection.queries_log


def test_change_is_seen_at_once_and_by_that_caisse_only(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    assert (_town(caisse), _town(other_caisse)) == ("", "")
    assert _change(caisse, ContactSection(town="Bern"), reason="moved") == ["contact"]
    assert (_town(caisse), _town(other_caisse)) == ("Bern", "")
    assert configuration.get_version(caisse, ContactSection) == 1


def test_repeated_change_changes_nothing(caisse: CaisseRef) -> None:
    assert _change(caisse, ContactSection(town="Bern")) == ["contact"]
    assert _change(caisse, ContactSection(town="Bern")) == []
    assert configuration.get_version(caisse, ContactSection) == 1


def test_history_says_who_when_and_why(caisse: CaisseRef) -> None:
    _change(caisse, ContactSection(town="Bern"), reason="moved")
    _change(caisse, ContactSection(town="Thun"), reason="moved again")
    with tenant_transaction(caisse):
        versions = list_versions(ContactSection)
        audited = Entry.objects.filter(action="configuration_changed").order_by("at").values_list("data", flat=True)
        assert list(audited)[-2:] == [{"contact": 1}, {"contact": 2}]
    assert [(one.version, one.value["town"], one.reason) for one in versions] == [
        (2, "Thun", "moved again"),
        (1, "Bern", "moved"),
    ]
    assert {one.made_by_name for one in versions} == {"Anne Muster"}


def test_change_by_another_process_is_heard_within_a_second(caisse: CaisseRef, database: Database) -> None:
    # A busy machine may be slow: it is enough that one of five changes was.
    assert any(_hear_of(caisse, database, version) < 1 for version in range(1, 6))


def _hear_of(caisse: CaisseRef, database: Database, version: int) -> float:
    """Let another process change the town; return after how many seconds this one knew."""
    before, after = _town(caisse), f"Thun {version}"
    value = json.dumps(ContactSection(town=after).model_dump(mode="json"))
    with database.worker.connect() as other, other.transaction():
        other.execute(
            f"INSERT INTO {caisse.schema}.core_configuration_sectionversion"
            " (id, section, version, value, effective_from, made_at, made_by_name, reason)"
            " VALUES (gen_random_uuid(), 'contact', %s, %s, now(), now(), 'other', '')",
            [version, value],
        )
        other.execute("SELECT pg_notify(%s, %s)", [configuration.CHANNEL, caisse.id])
        assert _town(caisse) == before
    told = time.monotonic()
    wait_until(lambda: _town(caisse) == after)
    return time.monotonic() - told


def test_rolled_back_change_is_not_remembered(caisse: CaisseRef) -> None:
    configuration.forget()
    with pytest.raises(ZeroDivisionError), tenant_transaction(caisse):
        change_sections(actor=ACTOR, sections=[ContactSection(town="Nowhere")])
        assert _town(caisse) == "Nowhere"
        raise ZeroDivisionError
    assert _town(caisse) == ""


@pytest.fixture
def overtaking() -> Iterator[list[str]]:
    """A section whose reading is overtaken by a change of the caisse that the list names."""
    overtaken: list[str] = []

    class Overtaking(Section):
        key = "test_overtaking"
        title = "Overtaking"

        @model_validator(mode="after")
        def _hear(self) -> Self:
            for caisse_id in overtaken:
                configuration.forget(caisse_id)
            return self

    before = dict(registry._sections)
    yield overtaken if registry.register(Overtaking) else []
    registry._sections = before


def test_reading_that_a_change_overtook_is_not_kept(caisse: CaisseRef, overtaking: list[str]) -> None:
    configuration.forget()
    overtaking.append(caisse.id)
    assert configuration.load(caisse) is not configuration.load(caisse)
    overtaking.clear()
    assert configuration.load(caisse) is configuration.load(caisse)


def test_scheduled_change_takes_effect_in_time(caisse: CaisseRef) -> None:
    start = clock.now()
    _change(caisse, ContactSection(town="Bern"))
    _change(caisse, ContactSection(town="Thun"), effective_from=start + timedelta(days=1))
    _change(caisse, ContactSection(town="Biel"))
    assert _town(caisse) == "Biel"
    with clock.travel(start + timedelta(hours=23)):
        assert _town(caisse) == "Biel"
    with clock.travel(start + timedelta(hours=25)):
        assert _town(caisse) == "Thun"


def test_all_sections_change_or_none(caisse: CaisseRef) -> None:
    too_long = type("TooLong", (Section,), {"key": "x" * 41, "title": "Too long", "__module__": __name__})
    with pytest.raises(DataError), tenant_transaction(caisse):
        change_sections(actor=ACTOR, sections=[ContactSection(town="Bern"), too_long()])
    assert _town(caisse) == ""


def test_two_changes_of_one_section_at_once_conflict(caisse: CaisseRef) -> None:
    def move(town: str) -> list[str]:
        return change_sections(actor=ACTOR, sections=[ContactSection(town=town)])

    changed, refused = race(caisse, lambda: move("Bern"), lambda: move("Thun"))
    assert changed == ["contact"]
    assert isinstance(refused, Conflict)
    assert _town(caisse) == "Bern"


def test_stored_value_that_is_no_longer_valid_falls_back_and_is_named(caisse: CaisseRef, database: Database) -> None:
    _change(caisse, BrandingSection(name="Caisse du Lac", accent="#112233"))
    with database.worker.connect() as admin:
        admin.execute(
            f"UPDATE {caisse.schema}.core_configuration_sectionversion"
            """ SET value = value || '{"accent": "#ffff00", "dropped_field": 1}' WHERE section = 'branding'"""
        )
    configuration.forget()
    branding = configuration.get(caisse, BrandingSection)
    assert (branding.name, branding.accent) == ("Caisse du Lac", BrandingSection().accent)
    assert configuration.load(caisse).faults == ("[branding] accent",)


def test_history_cannot_be_rewritten(caisse: CaisseRef) -> None:
    _change(caisse, ContactSection(town="Bern"))
    with tenant_transaction(caisse), pytest.raises(TypeError, match="append-only"):
        SectionVersion.objects.get(section="contact").save()
