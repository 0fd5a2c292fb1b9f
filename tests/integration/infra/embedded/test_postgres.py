from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
from pathlib import Path

import psycopg
import pytest

from infra.embedded import local
from infra.embedded.account import Account
from infra.embedded.places import copy_wheel
from infra.embedded.postgres import Cluster
from infra.embedded.server import ServerFailed
from tests.production.components.base import free_port


@pytest.fixture
def data_dir(tmp_path):
    """A data folder; pytest's own folders are closed to other users, as a clone of root's may be."""
    folder = tmp_path / "data"
    yield folder
    Cluster(folder).stop()
    home = local.read(folder).home
    for left in Path(home).parent.glob(f"{Path(home).name}*") if home else ():
        shutil.rmtree(left)


@pytest.fixture
def cluster(data_dir):
    local.remember(data_dir, local.Local(), port=free_port())  # one that no outgoing connection takes meanwhile
    made = Cluster(data_dir, durable=False)
    made.make()
    made.start()
    return made


def _postmaster(cluster):
    return int((cluster.server.data / "postmaster.pid").read_text().split()[0])


def test_cluster_runs_as_somebody_whom_postgresql_accepts(cluster):
    owner = (cluster.server.data / "PG_VERSION").stat().st_uid
    assert owner == Account.current().uid != 0
    with cluster.connect("postgres") as session:
        assert session.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert session.execute("SHOW password_encryption").fetchone() == ("scram-sha-256",)
        assert session.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)


def test_wrong_password_is_refused(cluster):
    url = cluster.local.url(local.ADMIN, "postgres").replace(cluster.local.passwords[local.ADMIN], "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)


def test_stopped_server_starts_again_on_its_port_and_data(cluster, data_dir):
    cluster.ensure_database("kept")
    cluster.stop()
    assert not cluster.is_running()
    again = Cluster(data_dir)
    again.start()
    assert again.local.port == cluster.local.port
    assert again.ensure_database("kept") is False


def test_server_left_by_a_crash_is_adopted(cluster, data_dir):
    pid = _postmaster(cluster)
    adopting = Cluster(data_dir)
    adopting.start()
    assert _postmaster(adopting) == pid


def test_killed_server_recovers_what_was_committed_and_nothing_else(data_dir):
    cluster = Cluster(data_dir)
    cluster.make()
    cluster.start()
    with cluster.connect("postgres") as session:
        session.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    with cluster.connect("postgres") as session, pytest.raises(psycopg.OperationalError), session.transaction():
        session.execute("DELETE FROM kept")
        os.kill(_postmaster(cluster), signal.SIGKILL)
        session.execute("SELECT pg_sleep(10)")
    again = Cluster(data_dir)
    again.start()
    with again.connect("postgres") as session:
        assert session.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_port_taken_meanwhile_is_replaced_and_remembered(cluster, data_dir):
    cluster.stop()
    with socket.socket() as intruder:
        intruder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        intruder.bind(("127.0.0.1", cluster.local.port))
        intruder.listen()
        again = Cluster(data_dir)
        again.start()
    assert again.local.port != cluster.local.port
    assert local.read(data_dir).port == again.local.port


def test_cluster_whose_passwords_are_lost_is_set_aside_not_deleted(cluster, data_dir):
    home = Path(cluster.local.home)
    (data_dir / local.FILE_NAME).unlink()
    fresh = Cluster(data_dir, durable=False)
    fresh.make()
    fresh.start()
    assert fresh.ensure_database("relais") is True
    [aside] = home.parent.glob(f"{home.name}.old-*")
    assert (aside / "data" / "PG_VERSION").exists()
    assert not (aside / "data" / "postmaster.pid").exists()


def test_other_passwords_for_a_running_server_are_said_at_once(cluster, data_dir):
    local.remember(data_dir, cluster.local, passwords={**cluster.local.passwords, local.ADMIN: "other"})
    with pytest.raises(ServerFailed, match="does not accept us"):
        Cluster(data_dir).start()


def test_interrupted_initdb_is_begun_anew(data_dir):
    half_made = Cluster(data_dir, durable=False)
    half_made.make()
    (half_made.server.home / "made").unlink()
    again = Cluster(data_dir, durable=False)
    assert not again.is_made()
    again.make()
    again.start()
    assert again.is_running()


def test_copied_binaries_find_their_libraries(tmp_path):
    bin_dir = copy_wheel(tmp_path / "copy")
    assert stat.S_IMODE((bin_dir / "postgres").stat().st_mode) == 0o755
    printed = Account(os.geteuid(), os.getegid()).run(bin_dir / "psql", "--version")
    assert printed.stdout.startswith("psql (PostgreSQL)")
