"""Work that an operator wants no longer: cancelled where it stands, and nothing of it stays, whatever is killed."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.db import connection, connections

from core.documents.ports import get_store
from core.kernel import clock
from core.operator.models import Act
from core.transfer import importing, removing, tasks
from core.transfer.models import Deletion, TransferFile
from tenants import provisioning
from tenants.jobs import running, services
from tenants.jobs.models import PlatformJob
from tenants.jobs.worker import Worker
from tenants.models import Caisse, Host
from tenants.provisioning import create_caisse, list_steps
from tenants.registration import Request
from tenants.scope import platform_transaction
from tests.support.export import PUBLIC
from tests.support.operators import make_operator, operator_actor, sign_in_operator

PERSON = {
    "given_name": "Lea", "family_name": "Favre", "email": "lea@lac.example", "language": "fr", "by": "mail", "lines": [],
}  # fmt: skip
ORDER = {"preset": "avs", "name": "Caisse du Lac", "hosts": [["portal.lac.example", ""]], "administrator": PERSON}
LABELS = [str(step.label) for step in list_steps()]


class Killed(BaseException):
    """Stands for a kill: nothing in the code catches it."""


@pytest.fixture
def browser(database):
    client = sign_in_operator()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def _ask(kind="create", slug="lac", order=ORDER, caisse_id=""):
    with platform_transaction():
        actor = operator_actor()
        return services.request_job(actor=actor, kind=kind, slug=slug, order=order, caisse_id=caisse_id).id


def _get(job_id):
    with platform_transaction():
        return PlatformJob.objects.get(pk=job_id)


def _page(browser, address, status=200):
    answer = browser.get(address)
    assert answer.status_code == status, address
    return html.unescape(answer.content.decode())


def _acts():
    with platform_transaction():
        return list(Act.objects.order_by("at", "id").values_list("action", flat=True))


def _left():
    """Return everything that may stay of a caisse that is neither of the template's."""
    with platform_transaction():
        slugs = set(Caisse.objects.values_list("slug", flat=True)) - {"ak26", "ak99"}
        hosts = set(Host.objects.filter(host="portal.lac.example").values_list("host", flat=True))
        known = set(Caisse.objects.values_list("id", flat=True))
    with platform_transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'c\\_%' OR nspname ~ '^c[a-z0-9]{7}$'")
        schemas = {row[0] for row in cursor.fetchall()}
    objects = {one.key.split("/")[0] for one in get_store().list_objects("")} - known
    return slugs | hosts | objects | {one for one in schemas if not any(known_id in one for known_id in known)}


def _cancel_at(monkeypatch, browser, label, *, after=False):
    """Have the operator cancel when the step with this label is about to run, or when it has begun."""
    report = running.RunningJob.progress

    def reported(self, step, number, total):
        is_here = str(step) == label
        if is_here and not after:
            assert browser.post(f"/operator/jobs/{self.id}/cancel/").status_code == 302
        report(self, step, number, total)
        if is_here and after:
            assert browser.post(f"/operator/jobs/{self.id}/cancel/").status_code == 302

    monkeypatch.setattr(running.RunningJob, "progress", reported)


def _break_creation(monkeypatch):
    """Leave a caisse that broke while it was configured."""

    def broken(*_args, **_more):
        raise RuntimeError("no")

    job_id = _ask()
    with monkeypatch.context() as patch:
        patch.setattr(provisioning, "activate", broken)
        Worker().work_off()
    assert (_get(job_id).state, _left() >= {"lac", "portal.lac.example"}) == ("failed", True)
    with platform_transaction():
        return job_id, Caisse.objects.get(slug="lac")


@pytest.mark.parametrize("label", LABELS)
def test_running_creation_is_cancelled_at_its_next_step_and_leaves_nothing(browser, monkeypatch, label):
    job_id = _ask()
    with monkeypatch.context() as patch:
        _cancel_at(patch, browser, label)
        Worker().work_off()
    job = _get(job_id)
    assert (job.state, job.cancelled_by, job.error_code) == ("cancelled", "Olga Betrieb", "")
    assert "administrator" not in job.order
    assert _left() == set()
    assert _acts() == ["job_cancelled"]
    assert "nothing of it is left" in _page(browser, f"/operator/jobs/{job_id}/")
    assert create_caisse(Request("lac", options={"preset": "avs"}))


def test_step_that_breaks_after_the_cancelling_leaves_nothing_either(browser, monkeypatch):
    job_id = _ask()

    def broken(*_args, **_more):
        browser.post(f"/operator/jobs/{job_id}/cancel/")
        raise RuntimeError("no")

    with monkeypatch.context() as patch:
        patch.setattr(provisioning, "activate", broken)
        Worker().work_off()
    job = _get(job_id)
    assert (job.state, job.error_code, _left()) == ("cancelled", "", set())


def test_what_is_complete_when_it_is_cancelled_stays_and_says_so(browser, monkeypatch):
    job_id = _ask()
    with monkeypatch.context() as patch:
        _cancel_at(patch, browser, LABELS[-1], after=True)
        Worker().work_off()
    assert _get(job_id).state == "done"
    assert "cancelled it too late" in _page(browser, f"/operator/jobs/{job_id}/")


def test_creation_cancelled_between_its_end_and_the_note_of_it_stays(browser, monkeypatch):
    job_id = _ask()

    def killed(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(running.RunningJob, "remember", killed)
        with pytest.raises(Killed):
            Worker().work_off()
    connections["provisioner"].close()
    assert "the running step ends" in _page(browser, f"/operator/jobs/{job_id}/")
    browser.post(f"/operator/jobs/{job_id}/cancel/")
    _expire()
    Worker().work_off()
    assert _get(job_id).state == "done"
    with platform_transaction():
        assert Caisse.objects.get(slug="lac").state == "active"


def _expire():
    with platform_transaction():
        PlatformJob.objects.filter(state="running").update(leased_until=clock.now() - timedelta(seconds=1))


def test_broken_creation_is_thrown_away_after_a_confirmation(browser, monkeypatch):
    job_id, caisse = _break_creation(monkeypatch)
    address = f"/operator/caisses/{caisse.id}/discard/"
    assert address in _page(browser, f"/operator/jobs/{job_id}/")
    assert address in _page(browser, f"/operator/caisses/{caisse.id}/")
    page = _page(browser, address)
    assert "lac.localhost" in page
    assert "portal.lac.example" in page
    assert "tables and rights" in page
    with platform_transaction():
        assert Caisse.objects.filter(slug="lac").exists()
    assert browser.post(address)["Location"] == f"/operator/jobs/{job_id}/"
    assert "Being cancelled" in _page(browser, f"/operator/jobs/{job_id}/")
    Worker().work_off()
    assert (_get(job_id).state, _left(), _acts()) == ("cancelled", set(), ["creation_discarded"])
    _page(browser, f"/operator/caisses/{caisse.id}/", 404)
    assert "is free" in _page(browser, "/operator/caisses/new/check/?slug=lac")


@pytest.mark.parametrize("place", ["erase_documents", "removal.drop_schema", "removal.drop_rows"])
def test_throwing_away_is_killed_half_way_and_converges(browser, monkeypatch, place):
    job_id, caisse = _break_creation(monkeypatch)
    browser.post(f"/operator/caisses/{caisse.id}/discard/")
    where, _dot, name = place.rpartition(".")
    module = importing.removal if where else importing
    step = getattr(module, name)

    def killed(*args, **more):
        step(*args, **more)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, name, killed)
        with pytest.raises(Killed):
            Worker().work_off()
    connections["provisioner"].close()
    _expire()
    Worker().work_off()
    assert (_get(job_id).state, _left()) == ("cancelled", set())


def test_what_a_command_left_is_thrown_away_by_a_job_of_its_own(browser, monkeypatch):
    def broken(_job):
        raise RuntimeError("no")

    with monkeypatch.context() as patch:
        patch.setattr(provisioning, "activate", broken)
        with pytest.raises(RuntimeError):
            create_caisse(Request("lac", options={"preset": "avs"}))
    with platform_transaction():
        caisse = Caisse.objects.get(slug="lac")
    address = browser.post(f"/operator/caisses/{caisse.id}/discard/")["Location"]
    browser.post(f"/operator/caisses/{caisse.id}/discard/")  # a second click
    with platform_transaction():
        assert PlatformJob.objects.count() == 1
    Worker().work_off()
    assert _left() == set()
    assert "can be used again" in _page(browser, address)


def test_only_what_never_opened_can_be_thrown_away(browser, caisse, monkeypatch):
    _page(browser, f"/operator/caisses/{caisse.id}/discard/", 409)
    browser.post(f"/operator/caisses/{caisse.id}/discard/")
    with platform_transaction():
        assert not PlatformJob.objects.exists()
    # Opened between the click and the worker's turn: the worker looks again.
    _job_id, row = _break_creation(monkeypatch)
    job_id = _ask("discard", "other", {"caisse": row.id})
    with platform_transaction():
        Caisse.objects.filter(pk=row.id).update(state="active")
    Worker().work_off()
    assert (_get(job_id).state, _get(job_id).error_code) == ("failed", "caisse_was_open")
    with platform_transaction():
        assert Caisse.objects.filter(pk=row.id).exists()


def test_what_another_job_made_under_the_same_name_is_not_touched(browser, monkeypatch):
    job_id, caisse = _break_creation(monkeypatch)
    with platform_transaction():
        request = Caisse.objects.get(pk=caisse.id).request
        Caisse.objects.filter(pk=caisse.id).update(request={**request, "options": {"job": "another"}})
    browser.post(f"/operator/jobs/{job_id}/cancel/")
    Worker().work_off()
    assert _get(job_id).state == "cancelled"
    assert "lac" in _left()


def test_error_while_it_is_taken_away_is_told_and_goes_on(browser, monkeypatch):
    job_id, caisse = _break_creation(monkeypatch)
    browser.post(f"/operator/caisses/{caisse.id}/discard/")

    def broken(_caisse):
        raise importing.StoreUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(importing, "erase_documents", broken)
        Worker().work_off()
    page = _page(browser, f"/operator/jobs/{job_id}/")
    assert "could not be taken away" in page
    assert "Correct what was asked" not in page
    browser.post(f"/operator/jobs/{job_id}/resume/")
    Worker().work_off()
    assert (_get(job_id).state, _left()) == ("cancelled", set())


def test_export_cancelled_on_its_way_leaves_no_piece_in_the_store(browser, office, monkeypatch):
    caisse = office.caisse
    job_id = _ask("export", caisse.slug, {"public_key": PUBLIC}, caisse.id)
    with monkeypatch.context() as patch:
        _cancel_at(patch, browser, "data")
        Worker().work_off()
    assert _get(job_id).state == "cancelled"
    assert not list(get_store().list_objects("exports/"))
    with platform_transaction():
        assert not TransferFile.objects.exists()


def test_broken_export_is_cancelled_and_its_pieces_go(browser, caisse, monkeypatch):
    from core.transfer import jobs

    job_id = _ask("export", caisse.slug, {"public_key": PUBLIC}, caisse.id)

    def broken(*_args, **_more):
        raise RuntimeError("no")

    with monkeypatch.context() as patch:
        patch.setattr(jobs.services, "note_export", broken)
        Worker().work_off()
    assert list(get_store().list_objects(f"exports/{job_id}/"))
    assert "Cancel this work" in _page(browser, f"/operator/jobs/{job_id}/")
    browser.post(f"/operator/jobs/{job_id}/cancel/")
    Worker().work_off()
    assert _get(job_id).state == "cancelled"
    assert not list(get_store().list_objects("exports/"))


def test_deletion_is_cancelled_as_long_as_it_waits_and_never_once_it_runs(browser, database):
    make_operator()
    caisse = create_caisse(Request("lac", options={"preset": "avs"}))
    deletion = browser.post(f"/operator/caisses/{caisse.id}/delete/", {"slug": "lac"})["Location"]
    with clock.travel(clock.now() + timedelta(days=31)):
        sign_in_operator(browser)
        tasks.sweep()
        with platform_transaction():
            job = PlatformJob.objects.get()
        page = _page(browser, f"/operator/jobs/{job.id}/")
        assert deletion in page
        assert f"{job.id}/cancel/" not in page
        browser.post(f"{deletion}cancel/")
        assert (_get(job.id).state, Worker().work_off()) == ("cancelled", 0)
        with platform_transaction():
            assert (Deletion.objects.get().state, Caisse.objects.get(slug="lac").state) == ("cancelled", "active")


def test_deletion_that_runs_says_that_it_cannot_be_cancelled(browser, database, monkeypatch):
    caisse = create_caisse(Request("lac", options={"preset": "avs"}))
    browser.post(f"/operator/caisses/{caisse.id}/delete/", {"slug": "lac"})
    seen = []

    def look(row):
        with platform_transaction():
            job = PlatformJob.objects.get(state="running")
        seen.append(_page(browser, f"/operator/jobs/{job.id}/"))
        seen.append(_refused(browser, job))
        return count(row)

    count = removing._count
    with clock.travel(clock.now() + timedelta(days=31)):
        sign_in_operator(browser)
        tasks.sweep()
        with monkeypatch.context() as patch:
            patch.setattr(removing, "_count", look)
            Worker().work_off()
    assert "cannot be cancelled any more" in seen[0]
    assert "what has begun must come to its end" in seen[1]
    assert _left() == set()


def _refused(browser, job):
    return html.unescape(browser.post(f"/operator/jobs/{job.id}/cancel/", follow=True).content.decode())


def test_nothing_is_cancelled_twice_or_after_its_end(browser):
    job_id = _ask()
    browser.post(f"/operator/jobs/{job_id}/cancel/")
    refused = browser.post(f"/operator/jobs/{job_id}/cancel/", follow=True)
    assert "moved on in the meantime" in html.unescape(refused.content.decode())
    assert _acts() == ["job_cancelled"]
