"""Every section in the caisse's schema: stored, repeated, restored, and apart from another caisse's."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.configuration import configuration, history, tomlfile
from core.configuration.registry import list_sections
from core.configuration.services import change_sections
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction
from tests.support.sections import other_values

ACTOR = Actor(kind="operator", name="command line")
every_section = pytest.mark.parametrize("kind", list_sections(), ids=lambda kind: kind.key)


def change(caisse, *sections):
    with tenant_transaction(caisse):
        return change_sections(actor=ACTOR, sections=sections)


@every_section
def test_is_stored_once_kept_with_its_history_and_restored(caisse, kind):
    default, other = kind(), kind.model_validate(other_values(kind))
    change(caisse, default)
    assert change(caisse, other) == [kind.key]
    assert change(caisse, other) == []
    assert configuration.get(caisse, kind) == other
    with tenant_transaction(caisse):
        newest, *_ = history.list_history(kind)
        assert (newest.state, len(newest.changes)) == ("in_force", len(kind.model_fields))
        before = newest.version.version - 1
        assert history.restore_version(actor=ACTOR, kind=kind, version=before) == [kind.key]
    assert configuration.get(caisse, kind) == default


def test_two_caisses_differ_in_every_section(caisse, other_caisse):
    defaults = {kind.key: kind() for kind in list_sections()}
    others = {kind.key: kind.model_validate(other_values(kind)) for kind in list_sections()}
    change(caisse, *defaults.values())
    change(other_caisse, *others.values())
    for _ in range(2):
        assert configuration.load(caisse).sections == defaults
        assert configuration.load(other_caisse).sections == others
    with tenant_transaction(other_caisse):
        file = tomlfile.dump(configuration.read().sections)
    assert change(caisse, *tomlfile.parse(file)) == list(others)
    assert configuration.load(caisse).sections == others


def test_reading_every_section_costs_no_query(caisse):
    configuration.load(caisse)
    with CaptureQueriesContext(connection) as queries:
        for kind in list_sections():
            configuration.get(caisse, kind)
    assert len(queries) == 0
