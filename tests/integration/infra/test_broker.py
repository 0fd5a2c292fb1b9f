from __future__ import annotations

import psycopg
import pytest
from django.conf import settings

from infra.embedded import broker, local
from infra.queues import QUEUES
from tests.support.databases import locked


def provision(admin, database):
    """Provision again; one worker of the run at a time, since they share the role."""
    with locked(database.worker.home, "broker"):
        broker.provision(admin, database.worker.cluster.local.passwords[local.BROKER])


@pytest.fixture
def admin(database):
    with database.worker.connect() as session:
        yield session


@pytest.fixture
def queues(database):
    """A session of the broker's own role."""
    with psycopg.connect(settings.BROKER_URL.replace("pgmq", "postgresql", 1)) as session:
        yield session


def test_every_configured_queue_was_made_and_is_empty(queues):
    assert [depth.queue for depth in broker.list_depths(queues)] == sorted(QUEUES)
    assert {depth.waiting for depth in broker.list_depths(queues)} == {0}


def test_depth_counts_what_waits(queues):
    queues.execute("SELECT pgmq.send(%s, '{}')", [QUEUES[0]])
    [depth] = [depth for depth in broker.list_depths(queues) if depth.queue == QUEUES[0]]
    assert (depth.waiting, depth.oldest_seconds) == (1, 0)


def test_provisioning_again_keeps_what_waits(admin, database):
    admin.execute("SELECT pgmq.send(%s, '{}')", [QUEUES[0]])
    provision(admin, database)
    assert sum(depth.waiting for depth in broker.list_depths(admin)) == 1


def test_other_version_of_the_sql_remakes_the_queues(admin, database):
    admin.execute("COMMENT ON SCHEMA pgmq IS '0.0.1'")
    admin.execute("SELECT pgmq.send(%s, '{}')", [QUEUES[0]])
    provision(admin, database)
    assert [depth.waiting for depth in broker.list_depths(admin)] == [0] * len(QUEUES)


@pytest.mark.parametrize("statement", ["SELECT * FROM platform.tenants_caisse", "CREATE SCHEMA mine"])
def test_brokers_role_sees_nothing_but_queues(queues, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        queues.execute(statement)


def test_caisses_role_cannot_read_the_queues(admin, caisse):
    admin.execute(f"SET ROLE {caisse.role}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        admin.execute("SELECT * FROM pgmq.meta")
