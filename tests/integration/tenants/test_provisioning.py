"""Making caisses on the real database: killed anywhere, at once, statement by statement."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from core.audit.models import Entry
from core.audit.services import record
from core.configuration import configuration
from core.kernel.actors import Actor
from tenants import migrating, owning, template
from tenants.errors import HostTaken, PlatformNotReady, ProvisioningInProgress, SlugNotAllowed, SlugTaken
from tenants.models import Caisse, Host, ProvisioningStep, TemplateDump
from tenants.provisioning import create_caisse, list_steps
from tenants.registration import Request
from tenants.scope import platform_transaction, tenant_transaction
from tests.integration.tenants.support import describe_schema

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from tenants.registration import Step
    from tenants.scope import CaisseRef
    from tests.support.fixtures import Database

ASKED = Request("newone", name="New caisse", hosts=(("portal.newone.ch", ""),), options={"preset": "avs"})
STEPS = [step.name for step in list_steps()]


class Killed(BaseException):
    """Stands for a kill: nothing in the code catches it."""


def _kill_before(name: str):
    def progress(step: Step, _number: int, _total: int) -> None:
        if step.name == name:
            raise Killed

    return progress


def _complete(caisse: CaisseRef) -> None:
    assert caisse.state == "active"
    with tenant_transaction(caisse):
        record(actor=Actor.system("test"), action="works", object_type="test", object_id=None)
        assert Entry.objects.filter(object_type="test").count() == 1
    with platform_transaction():
        assert set(ProvisioningStep.objects.filter(caisse_id=caisse.id).values_list("name", flat=True)) == set(STEPS)
        assert Host.objects.get(caisse_id=caisse.id).host == "portal.newone.ch"
        assert Caisse.objects.filter(slug="newone").count() == 1


def test_new_caisse_works_at_once() -> None:
    told: list[tuple[str, int, int]] = []
    caisse = create_caisse(ASKED, progress=lambda step, number, total: told.append((step.name, number, total)))
    _complete(caisse)
    assert told == [(name, number, len(STEPS)) for number, name in enumerate(STEPS, start=1)]


@pytest.mark.parametrize("step", STEPS)
def test_killed_before_a_step_it_is_taken_up_again(step: str) -> None:
    with pytest.raises(Killed):
        create_caisse(ASKED, progress=_kill_before(step))
    with platform_transaction():
        left = Caisse.objects.get(slug="newone")
        assert left.state == "provisioning"
    connections["provisioner"].close()  # a killed process loses its session, and with it its lock
    caisse = create_caisse(ASKED)
    assert caisse.id == left.id
    _complete(caisse)


def test_taken_up_without_saying_all_again_it_is_made_as_first_asked() -> None:
    with pytest.raises(Killed):
        create_caisse(ASKED, progress=_kill_before("configuration"))
    caisse = create_caisse(Request("newone", options={"preset": "", "file": ""}))
    _complete(caisse)
    with platform_transaction():
        assert Caisse.objects.get(slug="newone").name == "New caisse"
    with tenant_transaction(caisse):
        assert "themes" in configuration.read().versions


@pytest.mark.parametrize("step", list_steps(), ids=lambda step: step.name)
def test_killed_within_a_step_it_is_taken_up_again(step: Step) -> None:
    """The step has had its effect, but nobody wrote down that it is done."""
    with pytest.raises(Killed):
        create_caisse(ASKED, progress=_kill_before(step.name))
    with platform_transaction():
        left = Caisse.objects.get(slug="newone")
    if step.name not in ("schema", "activate"):  # these write it down in the transaction of their effect
        from tenants.registration import Job

        step.run(Job(left.ref, ASKED))
    _complete(create_caisse(ASKED))


def test_replayed_schema_equals_a_migrated_one(caisse: CaisseRef, database: Database) -> None:
    from tenants import contents

    with owning.owner_transaction() as connection:
        connection.execute("CREATE SCHEMA c_migrated")
    migrating.migrate_schema("c_migrated", contents.caisse_labels())
    with database.worker.connect() as admin:
        assert describe_schema(admin, caisse.schema) == describe_schema(admin, "c_migrated")


def test_statement_by_statement_makes_the_same(
    caisse: CaisseRef, database: Database, settings: SettingsWrapper
) -> None:
    settings.REPLAY_BY_STATEMENT = True
    made = create_caisse(ASKED)
    with database.worker.connect() as admin:
        assert describe_schema(admin, made.schema) == describe_schema(admin, caisse.schema)
    _complete(made)


def test_caisse_role_may_sign_in_only_where_that_is_set(database: Database, settings: SettingsWrapper) -> None:
    can_login = "SELECT rolcanlogin FROM pg_roles WHERE rolname = %s"
    settings.CAISSE_ROLES_LOGIN = True
    one = create_caisse(Request("one"))
    settings.CAISSE_ROLES_LOGIN = False
    two = create_caisse(Request("two"))
    with database.worker.connect() as admin:
        assert admin.execute(can_login, [one.role]).fetchone() == (True,)
        assert admin.execute(can_login, [two.role]).fetchone() == (False,)


def test_two_at_once_make_one_caisse() -> None:
    barrier, results = threading.Barrier(2), []

    def work() -> None:
        try:
            barrier.wait()
            results.append(create_caisse(ASKED).slug)
        except (ProvisioningInProgress, SlugTaken) as error:
            results.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results)[0] == "newone"
    assert sorted(results)[1] in {"provisioning_in_progress", "slug_taken"}
    with platform_transaction():
        assert Caisse.objects.get(slug="newone").state == "active"


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (Request("Not a slug"), SlugNotAllowed),
        (Request("admin"), SlugNotAllowed),
        (Request("ak26"), SlugTaken),
    ],
)
def test_what_cannot_be_made_leaves_nothing(request_: Request, error: type[Exception], database: Database) -> None:
    with platform_transaction():
        before = Caisse.objects.count()
    with pytest.raises(error):
        create_caisse(request_)
    with platform_transaction():
        assert Caisse.objects.count() == before


def test_host_of_another_caisse_is_refused_before_anything_is_made() -> None:
    create_caisse(ASKED)
    with pytest.raises(HostTaken):
        create_caisse(Request("second", hosts=ASKED.hosts))
    with platform_transaction():
        assert not Caisse.objects.filter(slug="second").exists()


def test_without_a_template_for_this_code_nothing_is_made() -> None:
    TemplateDump.objects.using("provisioner").update(fingerprint="of another version")
    with pytest.raises(PlatformNotReady):
        create_caisse(ASKED)
    with platform_transaction():
        assert not Caisse.objects.filter(slug="newone").exists()


def test_template_is_made_anew_for_new_code(database: Database) -> None:
    TemplateDump.objects.using("provisioner").update(fingerprint="of another version")
    dump, made = template.ensure_template()
    assert made
    assert template.get_dump().fingerprint == dump.fingerprint
    with database.worker.connect() as admin:
        found = admin.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'tpl_')").fetchall()
    assert found == [(dump.placeholder,)]
