"""The fixtures: a database with two caisses, reset between tests that use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connections

from tests.support.databases import WorkerDatabase
from tests.support.hearing import hear_out
from tests.support.reset import Resetter, empty_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django import DjangoDbBlocker

    from tenants.scope import CaisseRef

# What the map of hosts is read from: services count a revision, rows that a test writes itself do not.
_HOSTS = {("platform", f"tenants_{name}") for name in ("revision", "caisse", "host")}
_WITH_DATABASE = ("tests/integration/", "tests/journeys/")
_WITHOUT_DATABASE = ("tests/integration/infra/embedded/", "tests/integration/infra/supervisor/")


@dataclass
class Database:
    """This worker's database and how to get a clean one."""

    worker: WorkerDatabase
    resetter: Resetter
    dirty: bool = False
    caisses: dict[str, CaisseRef] = field(default_factory=dict)

    def make_clean(self) -> None:
        """Undo the last test, now that the next one needs it; what still works is kept, it costs as much as a test."""
        if not self.dirty:
            return
        for connection in connections.all(initialized_only=True):
            if connection.in_atomic_block or connection.needs_rollback:
                connection.close()
        undone = self.resetter.reset()
        if undone.cloned:
            connections.close_all()
        if undone.cloned or _HOSTS & undone.written or not hear_out(self.resetter.session):
            forget_hosts()
        forget_caisses()
        for folder in (settings.DOCUMENT_FOLDER, settings.DEV_OUTBOX_FOLDER):
            empty_folder(Path(folder))
        self.dirty = False

    def get_caisse(self, slug: str) -> CaisseRef:
        """Return a caisse of the template; every clone has the same ones."""
        if slug not in self.caisses:
            from tenants.scope import CaisseRef

            query = "SELECT id, slug FROM platform.tenants_caisse WHERE slug = %s"
            with self.worker.connect() as admin:
                row = admin.execute(query, [slug]).fetchone()
            self.caisses[slug] = CaisseRef(*row)
        return self.caisses[slug]


def forget_hosts() -> None:
    """Empty the map of hosts; it comes with the thread that hears of changes, which ends."""
    from tenants import hosts, listening

    listening.stop()
    hosts.forget()


def forget_caisses() -> None:
    """Empty what this process remembers of each caisse: its sections, its published terms."""
    from core.configuration import configuration
    from core.terms import memory

    configuration.forget()
    memory.forget()


@pytest.fixture(scope="session")
def database_of_run(django_db_blocker: DjangoDbBlocker) -> Iterator[Database]:
    """The cluster, the template and this worker's clone; made when the first test asks."""
    worker = WorkerDatabase(Path(settings.DATA_DIR).parent)
    worker.prepare()
    for connection in connections.databases.values():
        connection["PORT"] = str(worker.cluster.local.port)
    database = Database(worker, Resetter(worker))
    with django_db_blocker.unblock():
        yield database
        forget_hosts()
        forget_caisses()
        connections.close_all()
    database.resetter.close()


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Take the place of pytest-django's own databases."""


@pytest.fixture
def database(database_of_run: Database) -> Iterator[Database]:
    """A clean database with the caisses ak26 and ak99; what a test commits is gone afterwards."""
    from tests.support.people import restart_numbers

    database_of_run.make_clean()
    restart_numbers()
    yield database_of_run
    database_of_run.dirty = True


@pytest.fixture
def hear(database: Database) -> Callable[[], None]:
    """Return what waits until this process has heard of all that was committed: the next request would not wait."""

    def wait() -> None:
        assert hear_out(database.resetter.session), "this process did not hear"

    return wait


@pytest.fixture(autouse=True)
def _database_where_needed(request: pytest.FixtureRequest) -> None:
    path = request.node.path.relative_to(request.config.rootpath).as_posix()
    if path.startswith(_WITH_DATABASE) and not path.startswith(_WITHOUT_DATABASE):
        request.getfixturevalue("database")


@pytest.fixture
def caisse(database: Database) -> CaisseRef:
    """The caisse ak26, from the preset ``avs``."""
    return database.get_caisse("ak26")


@pytest.fixture
def other_caisse(database: Database) -> CaisseRef:
    """The caisse ak99, which must never see anything of ak26."""
    return database.get_caisse("ak99")
