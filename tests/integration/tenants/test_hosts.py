"""The host map in process memory: no query to resolve, changes heard, lost lines mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection

from core.kernel.actors import Actor
from tenants import addresses, hosts, listening, revisions, services
from tenants.errors import CaisseUnknown, HostTaken
from tenants.models import Revision
from tenants.provisioning import create_caisse
from tenants.registration import Listing, Request
from tenants.scope import platform_transaction
from tests.integration.tenants.support import wait_until

if TYPE_CHECKING:
    from tenants.scope import CaisseRef
    from tests.support.fixtures import Database

OPERATOR = Actor(kind="operator", name="test")


def _kind(header: str) -> str:
    return hosts.resolve(header, "/").kind


def test_resolving_asks_nothing(caisse: CaisseRef) -> None:
    assert hosts.resolve("ak26.localhost:8000", "/").caisse == caisse
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    for _ in range(100):
        hosts.resolve("ak26.localhost:8000", "/")
    connection.force_debug_cursor = False
    assert not connection.queries_log


def test_new_caisse_is_heard_of(database: Database) -> None:
    assert _kind("newone.localhost") == "unknown"
    create_caisse(Request("newone", hosts=(("portal.newone.ch", ""), ("shared.ch", "newone"))))
    wait_until(lambda: _kind("newone.localhost") == "caisse")
    assert hosts.resolve("portal.newone.ch", "/").caisse == hosts.resolve("shared.ch", "/newone/").caisse
    entry = hosts.get_entry(hosts.resolve("newone.localhost", "/").caisse)
    assert (entry.primary.host, entry.name) == ("portal.newone.ch", "newone")


def test_caisse_in_the_making_is_not_reached() -> None:
    with pytest.raises(KeyboardInterrupt):
        create_caisse(Request("newone"), progress=_stop_at_activation)
    hosts.forget()
    listening.stop()
    assert _kind("newone.localhost") == "unknown"
    assert "newone" in {one.ref.slug for one in hosts.list_entries(state="provisioning")}
    assert "newone" not in {one.ref.slug for one in hosts.list_entries()}


def _stop_at_activation(step: object, number: int, total: int) -> None:
    if number == total:
        raise KeyboardInterrupt


def test_suspension_is_heard_of_and_ends(caisse: CaisseRef) -> None:
    assert hosts.get_caisse(caisse.id).state == "active"
    for act, state in (("suspend", "suspended"), ("resume", "active")):
        with platform_transaction():
            if act == "suspend":
                services.suspend_caisse(actor=OPERATOR, caisse=caisse, reason="move")
            else:
                services.resume_caisse(actor=OPERATOR, caisse=caisse)
        wait_until(lambda state=state: hosts.get_caisse(caisse.id).state == state)


def test_rolled_back_change_is_not_heard(caisse: CaisseRef) -> None:
    before = hosts.current().revision
    with pytest.raises(ZeroDivisionError), platform_transaction():
        services.suspend_caisse(actor=OPERATOR, caisse=caisse, reason="move")
        raise ZeroDivisionError
    with platform_transaction():
        services.list_caisse_in_directory(caisse=caisse, listing=Listing("Renamed"))
    wait_until(lambda: hosts.get_entry(caisse).name == "Renamed")
    assert hosts.current().revision == before + 1
    assert hosts.get_caisse(caisse.id).state == "active"


def test_changes_missed_while_the_line_was_down_are_caught_up(caisse: CaisseRef, database: Database) -> None:
    assert hosts.current().revision > 0
    listening.stop()
    with platform_transaction():
        services.list_caisse_in_directory(caisse=caisse, listing=Listing("Renamed"))
    assert hosts.get_entry(caisse).name == "Renamed"


def test_lost_line_is_mended(caisse: CaisseRef, database: Database) -> None:
    listening.start()
    with database.worker.connect() as admin:
        # Changed before the line drops and without a notice, so that only its mending can bring the news.
        admin.execute("UPDATE platform.tenants_caisse SET name = 'Quietly' WHERE id = %s", [caisse.id])
        admin.execute("UPDATE platform.tenants_revision SET number = number + 1 WHERE topic = 'hosts'")
        killed = admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'relais-listening'"
        ).fetchall()
        assert killed
    wait_until(lambda: hosts.get_entry(caisse).name == "Quietly")
    # The map comes while the new line is being greeted, a moment before the line counts as up.
    wait_until(listening.is_connected)


def test_same_revision_is_not_loaded_again(caisse: CaisseRef) -> None:
    before = hosts.current()
    with platform_transaction():
        Revision.objects.create(topic="other")
        revisions.bump("other")
    listening.stop()
    assert hosts.current() is before


def test_addresses_belong_to_one_caisse(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    with platform_transaction():
        addresses.replace_addresses(caisse, [("a.ch", ""), ("shared.ch", "ak26")])
    with pytest.raises(HostTaken), platform_transaction():
        addresses.replace_addresses(other_caisse, [("b.ch", ""), ("a.ch", "")])
    wait_until(lambda: _kind("a.ch") == "caisse")
    assert _kind("b.ch") == "unknown"
    with platform_transaction():
        addresses.replace_addresses(caisse, [])
    wait_until(lambda: _kind("a.ch") == "unknown")
    assert _kind("ak26.localhost") == "caisse"


def test_unknown_id_is_not_found() -> None:
    with pytest.raises(CaisseUnknown):
        hosts.get_caisse("zzzzzzzz")
