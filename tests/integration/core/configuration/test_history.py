"""Versions of a section: what each changed, restored, planned for later, cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.audit.models import Entry
from core.configuration import configuration, history, registry
from core.configuration.errors import ChangeNotPending, ConfigurationInvalid, VersionUnknown
from core.configuration.sections import BrandingSection, ContactSection
from core.configuration.services import change_sections
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import Conflict
from tenants.scope import tenant_transaction

ACTOR = Actor(kind="clerk", name="Anne Muster")
DAY = timedelta(days=1)


def change(caisse, town, **options):
    with tenant_transaction(caisse):
        return change_sections(actor=ACTOR, sections=[ContactSection(town=town)], **options)


def act(caisse, service, **options):
    with tenant_transaction(caisse):
        return service(actor=ACTOR, kind=ContactSection, **options)


def lines(caisse):
    with tenant_transaction(caisse):
        return history.list_history(ContactSection)


def town(caisse):
    return configuration.get(caisse, ContactSection).town


def test_history_says_in_words_what_each_version_changed(caisse):
    change(caisse, "Bern", reason="moved")
    change(caisse, "Thun")
    change(caisse, "Biel", effective_from=clock.now() + DAY)
    assert [(one.version.version, one.state, one.changes) for one in lines(caisse)] == [
        (3, "pending", ('[contact] town changes from "Thun" to "Biel"',)),
        (2, "in_force", ('[contact] town changes from "Bern" to "Thun"',)),
        (1, "past", ('[contact] town is set to "Bern"',)),
    ]


def test_any_two_versions_are_compared(caisse):
    for name in ("Bern", "Thun", "Bern"):
        change(caisse, name)
    with tenant_transaction(caisse):
        assert history.compare_versions(ContactSection, 1, 2) == ['[contact] town changes from "Bern" to "Thun"']
        assert history.compare_versions(ContactSection, 1, 3) == []
        assert history.compare_versions(ContactSection, 0, 1) == ['[contact] town is set to "Bern"']
        with pytest.raises(VersionUnknown):
            history.compare_versions(ContactSection, 1, 4)


def test_restoring_adds_a_version_and_keeps_the_others(caisse):
    change(caisse, "Bern")
    change(caisse, "Thun")
    assert act(caisse, history.restore_version, version=1) == ["contact"]
    assert town(caisse) == "Bern"
    assert [one.version.version for one in lines(caisse)] == [3, 2, 1]
    assert lines(caisse)[0].version.reason == "version 1 restored"
    assert act(caisse, history.restore_version, version=1) == []


def test_version_that_todays_rules_refuse_is_not_restored(caisse, monkeypatch):
    change(caisse, "Bern")
    change(caisse, "Thun")
    monkeypatch.setattr(registry, "_checks", {})
    registry.add_check(ContactSection, lambda section: ["town: is no more"] if section.town == "Bern" else [])
    with pytest.raises(ConfigurationInvalid, match=r"\[contact\] town: is no more"):
        act(caisse, history.restore_version, version=1)
    assert town(caisse) == "Thun"


def test_planned_change_is_listed_and_can_be_cancelled(caisse):
    change(caisse, "Bern")
    start = clock.now()
    change(caisse, "Thun", effective_from=start + DAY)
    with tenant_transaction(caisse):
        assert [(row.section, row.version) for row in history.list_pending()] == [("contact", 2)]
    act(caisse, history.cancel_change, version=2, reason="stays")
    with tenant_transaction(caisse):
        assert history.list_pending() == []
        assert Entry.objects.filter(action="configuration_change_cancelled").exists()
    change(caisse, "Biel")
    with clock.travel(start + 2 * DAY):
        assert town(caisse) == "Biel"
    newest, cancelled, first = lines(caisse)
    assert (newest.state, cancelled.state, first.state) == ("in_force", "cancelled", "past")
    assert (cancelled.cancelled.made_by_name, cancelled.cancelled.reason) == ("Anne Muster", "stays")
    assert newest.changes == ('[contact] town changes from "Bern" to "Biel"',)


@pytest.mark.parametrize("version", [1, 2])
def test_only_what_is_to_come_is_cancelled_and_once(caisse, version):
    change(caisse, "Bern")
    change(caisse, "Thun", effective_from=clock.now() + DAY)
    if version == 2:
        act(caisse, history.cancel_change, version=2)
    with pytest.raises(ChangeNotPending):
        act(caisse, history.cancel_change, version=version)


def test_planning_twice_plans_once(caisse):
    start = clock.now()
    change(caisse, "Bern")
    assert change(caisse, "Thun", effective_from=start + DAY) == ["contact"]
    assert change(caisse, "Thun", effective_from=start + 2 * DAY) == []
    assert change(caisse, "Bern", effective_from=start + 2 * DAY) == ["contact"]


def test_change_does_not_begin_before_it_was_made(caisse):
    made = clock.now()
    change(caisse, "Bern", effective_from=made - 30 * DAY)
    assert lines(caisse)[0].version.effective_from >= made


def test_change_of_a_version_that_was_overtaken_conflicts(caisse):
    change(caisse, "Bern", expected={"contact": 0})
    with pytest.raises(Conflict):
        change(caisse, "Thun", expected={"contact": 0})
    assert change(caisse, "Thun", expected={"contact": 1}) == ["contact"]


def test_version_whose_value_is_no_longer_valid_can_still_be_read(caisse, database):
    with tenant_transaction(caisse):
        change_sections(actor=ACTOR, sections=[BrandingSection(name="Lac", accent="#112233")])
    with database.worker.connect() as admin:
        admin.execute(
            f"""UPDATE {caisse.schema}.core_configuration_sectionversion
            SET value = value || '{{"accent": "#ffff00"}}' WHERE section = 'branding'"""
        )
    with tenant_transaction(caisse):
        (line, *_) = history.list_history(BrandingSection)
        assert '[branding] name changes from "Caisse" to "Lac"' in " ".join(line.changes)
        with pytest.raises(ConfigurationInvalid, match=r"\[branding\] accent: The contrast"):
            history.restore_version(actor=ACTOR, kind=BrandingSection, version=line.version.version)
