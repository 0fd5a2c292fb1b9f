"""The provisioning worker on the real database: claims, leases, kills, two at once, errors in words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections
from django.utils import translation
from django.utils.translation import gettext

from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import Conflict
from tenants import listening
from tenants.jobs import kinds, running, services
from tenants.jobs.errors import JobChanged, JobNotCancellable, JobOpen, JobUnknown, LeaseLost, TryLater
from tenants.jobs.models import PlatformJob
from tenants.jobs.selectors import access_job, get_unfinished_job
from tenants.jobs.worker import Worker
from tenants.models import Caisse, ProvisioningStep
from tenants.provisioning import list_steps
from tenants.scope import platform_transaction

ANNA = Actor(kind="operator", name="Anna", user_id=uuid4())
BRUNO = Actor(kind="operator", name="Bruno", user_id=uuid4())
STEPS = [step.name for step in list_steps()]
PERSON = {
    "given_name": "Lea", "family_name": "Favre", "email": "first@caisse.example", "language": "fr", "by": "mail", "lines": [],
}  # fmt: skip
ORDER = {"preset": "avs", "name": "New caisse", "administrator": PERSON}


class Killed(BaseException):
    """Stands for a kill: nothing in the code catches it."""


class Refused(Conflict):
    """The "%(what)s" is not to be had."""

    code = "refused"


@pytest.fixture
def kind():
    """Return a function that binds what the kind "probe" does; unbound afterwards."""

    def bind(run):
        kinds._kinds["probe"] = kinds.JobKind("probe", run, frozenset({"person"}))

    yield bind
    kinds._kinds.pop("probe", None)


def _ask(kind="probe", slug="newone", order=None, actor=ANNA):
    with platform_transaction():
        return services.request_job(actor=actor, kind=kind, slug=slug, order=order or {}).id


def _get(job_id):
    with platform_transaction():
        return PlatformJob.objects.get(pk=job_id)


def _act(act, **arguments):
    with platform_transaction():
        return act(**arguments)


def _expire():
    with platform_transaction():
        PlatformJob.objects.filter(state="running").update(leased_until=clock.now() - timedelta(seconds=1))


def _await(condition):
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)


def test_job_is_done_with_progress_result_and_without_what_it_forgets(kind):
    seen = []

    def run(job):
        job.progress("first step", 1, 2)
        seen.append((_get(job.id).step, _get(job.id).steps_done, job.actor.name))
        job.remember(found=1)
        job.progress("second step", 2, 2)
        return {"made": 2}

    kind(run)
    job_id = _ask(order={"person": "Anne", "size": 3})
    assert Worker().work_off() == 1
    job = _get(job_id)
    assert seen == [("first step", 0, "Anna")]
    assert (job.state, job.steps_done, job.result, job.order) == ("done", 2, {"found": 1, "made": 2}, {"size": 3})
    assert job.finished_at
    assert job.lease is None


def test_failed_job_keeps_words_and_goes_on_when_told(kind):
    asked = []

    def run(job):
        asked.append(job.tries)
        if len(asked) == 1:
            raise Refused(what="roof")

    kind(run)
    job_id = _ask()
    Worker().work_off()
    job = _get(job_id)
    assert (job.state, job.error_code, job.error_params) == ("failed", "refused", {"what": "roof"})
    with translation.override("en"):
        assert gettext(job.error_text) % job.error_params == 'The "roof" is not to be had.'
    assert _act(get_unfinished_job, slug="newone").id == job_id
    _act(services.resume_job, job_id=job_id)
    Worker().work_off()
    assert _get(job_id).state == "done"
    assert _act(get_unfinished_job, slug="newone") is None
    with pytest.raises(JobChanged):
        _act(services.resume_job, job_id=job_id)


def test_unforeseen_error_tells_its_type_and_never_its_words(kind):
    def run(_job):
        raise ValueError("Anne Muster, 756.1234.5678.97")

    kind(run)
    job_id = _ask()
    Worker().work_off()
    job = _get(job_id)
    assert (job.error_code, job.error_params) == ("step_broken", {"kind": "ValueError"})
    assert "Anne" not in job.error_text


def test_what_is_held_elsewhere_is_tried_again_later_and_in_the_end_says_why(kind):
    def run(_job):
        raise TryLater from Refused(what="key")

    kind(run)
    job_id = _ask()
    with clock.travel(clock.now()):  # what is to be tried seconds later does not fall due meanwhile
        for _ in range(running.MAX_TRIES):
            assert Worker().work_off() == 1
            with platform_transaction():
                PlatformJob.objects.filter(state="waiting").update(due_at=clock.now())
    job = _get(job_id)
    assert (job.state, job.error_code, job.tries) == ("failed", "refused", running.MAX_TRIES)


def test_postponed_job_is_not_taken_before_its_time(kind):
    def run(_job):
        raise TryLater

    kind(run)
    _ask()
    with clock.travel(clock.now() + timedelta(seconds=1)):  # the time stands still: it is never due meanwhile
        assert Worker().work_off() == 1
        assert Worker().work_off() == 0


def test_several_workers_never_take_the_same_job(kind):
    done, barrier = [], threading.Barrier(4)
    kind(lambda job: done.append(job.slug))
    for number in range(12):
        _ask(slug=f"caisse{number}")

    def work():
        barrier.wait()
        Worker().work_off()
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(f"caisse{number}" for number in range(12))


def test_job_of_a_killed_worker_waits_for_its_lease_and_is_taken_then(kind):
    kind(lambda _job: None)
    job_id = _ask()
    first = running.claim_job()
    assert running.claim_job() is None
    _expire()
    second = running.claim_job()
    assert second.id == first.id == job_id
    with pytest.raises(LeaseLost):
        first.progress("too late", 1, 1)
    with pytest.raises(LeaseLost):
        first.finish({})
    second.finish({})
    assert _get(job_id).state == "done"


def test_lease_is_kept_while_a_long_step_runs(kind, settings):
    settings.JOB_LEASE_SECONDS = 0.3
    others = []

    def run(job):
        for _ in range(3):
            end = _get(job.id).leased_until + timedelta(milliseconds=1)
            _await(lambda end=end: _get(job.id).leased_until > end)
            with clock.travel(end):
                others.append(running.claim_job())

    kind(run)
    job_id = _ask()
    Worker().work_off()
    assert others == [None] * 3
    assert _get(job_id).state == "done"


def test_job_that_kills_its_workers_is_given_up(kind):
    kind(lambda _job: None)
    job_id = _ask()
    for _ in range(running.MAX_TRIES):
        assert running.claim_job()
        _expire()
    assert running.claim_job() is None
    job = _get(job_id)
    assert (job.state, job.error_code) == ("failed", "worker_lost")
    _act(services.resume_job, job_id=job_id)
    assert running.claim_job().tries == 1


def test_job_of_a_kind_that_this_version_does_not_know_is_left(kind):
    kind(lambda _job: None)
    job_id = _ask()
    kinds._kinds.pop("probe")
    assert Worker().work_off() == 0
    assert _get(job_id).state == "waiting"


def test_asked_to_stop_it_ends_the_step_and_hands_the_job_back(kind):
    worker, done = Worker(), []

    def run(job):
        job.progress("first", 1, 2)
        worker.stop()
        done.append("first")
        job.progress("second", 2, 2)
        done.append("second")

    kind(run)
    job_id = _ask()
    worker.run()
    job = _get(job_id)
    assert done == ["first"]
    assert (job.state, job.tries, job.lease) == ("waiting", 0, None)


class Watched(Worker):
    """Counts how often it has looked for work."""

    looks = 0

    def _work_one(self):
        try:
            return super()._work_one()
        finally:
            self.looks += 1


def test_waiting_worker_begins_at_once_when_asked(kind, monkeypatch):
    from tenants.jobs import worker as room

    monkeypatch.setattr(room, "POLL_SECONDS", 300.0)
    listening.start()  # as where the process has heard other channels before the worker runs
    begun = threading.Event()
    kind(lambda _job: begun.set())
    worker = Watched()
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        # Once of itself, once because its channel is heard from now on; then it waits for a notice.
        _await(lambda: worker.looks == 2)
        _ask()
        assert begun.wait(60)
    finally:
        worker.stop()
        thread.join(60)


def test_second_asker_for_a_slug_is_told_so(kind):
    kind(lambda _job: None)
    first = _ask()
    with pytest.raises(JobOpen):
        _ask(actor=BRUNO)
    Worker().work_off()
    assert _get(first).state == "done"
    _ask(actor=BRUNO)


def test_draft_is_its_askers_alone_and_a_second_click_submits_nothing_more(kind):
    ran = []
    kind(lambda job: ran.append(job.slug))
    draft = _act(services.draft_job, actor=ANNA, kind="probe")
    with pytest.raises(JobUnknown):
        _act(access_job, viewer=BRUNO, job_id=draft.id)
    with pytest.raises(JobChanged):
        _act(services.change_draft, actor=BRUNO, job_id=draft.id, slug="theirs", order={})
    _act(services.change_draft, actor=ANNA, job_id=draft.id, slug="mine", order={"size": 1})
    assert Worker().work_off() == 0
    assert _act(services.submit_draft, actor=ANNA, job_id=draft.id)
    assert not _act(services.submit_draft, actor=ANNA, job_id=draft.id)
    with pytest.raises(JobChanged):
        _act(services.change_draft, actor=ANNA, job_id=draft.id, slug="other", order={})
    Worker().work_off()
    assert ran == ["mine"]
    assert _act(access_job, viewer=BRUNO, job_id=draft.id).state == "done"


def test_drafts_of_two_operators_for_one_slug_make_one_job(kind):
    kind(lambda _job: None)
    drafts = [_act(services.draft_job, actor=one, kind="probe") for one in (ANNA, BRUNO)]
    for actor, draft in zip((ANNA, BRUNO), drafts, strict=True):
        _act(services.change_draft, actor=actor, job_id=draft.id, slug="both", order={})
    assert _act(services.submit_draft, actor=ANNA, job_id=drafts[0].id)
    with pytest.raises(JobOpen):
        _act(services.submit_draft, actor=BRUNO, job_id=drafts[1].id)
    assert _get(drafts[1].id).state == "draft"


def test_given_up_job_forgets_the_person_and_a_running_one_stays(kind):
    kind(lambda _job: None)
    job_id = _ask(order={"person": "Anne"})
    assert _act(services.cancel_job, actor=ANNA, job_id=job_id)
    assert (_get(job_id).state, _get(job_id).order) == ("cancelled", {})
    other = _ask()
    running.claim_job()
    with pytest.raises(JobNotCancellable):
        _act(services.cancel_job, actor=ANNA, job_id=other)


@pytest.mark.parametrize("step", STEPS)
def test_creation_killed_before_a_step_converges(step, monkeypatch):
    job_id = _ask("create", order=ORDER)
    report = running.RunningJob.progress
    labels = {one.name: str(one.label) for one in list_steps()}

    def killed(self, label, number, total):
        report(self, label, number, total)
        if str(label) == labels[step]:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(running.RunningJob, "progress", killed)
        with pytest.raises(Killed):
            Worker().work_off()
    connections["provisioner"].close()  # a killed process loses its session, and with it its lock
    assert _get(job_id).state == "running"
    _expire()
    assert Worker().work_off() == 1
    _is_made(job_id)


def test_creation_killed_after_the_last_step_converges(monkeypatch):
    job_id = _ask("create", order=ORDER)
    with monkeypatch.context() as patch:
        patch.setattr(running.RunningJob, "remember", _raise_killed)
        with pytest.raises(Killed):
            Worker().work_off()
    connections["provisioner"].close()
    _expire()
    assert Worker().work_off() == 1
    _is_made(job_id)


def _raise_killed(*_args, **_options):
    raise Killed


def _is_made(job_id):
    job = _get(job_id)
    assert (job.state, job.error_code) == ("done", "")
    with platform_transaction():
        row = Caisse.objects.get(slug="newone")
        steps = set(ProvisioningStep.objects.filter(caisse_id=row.id).values_list("name", flat=True))
    assert (row.state, row.id, row.name) == ("active", job.caisse_id, "New caisse")
    assert steps == set(STEPS)
    assert "first@caisse.example" not in f"{row.request} {job.order}"


def test_creation_of_a_taken_slug_fails_in_words():
    job_id = _ask("create", slug="ak26", order=ORDER)
    Worker().work_off()
    job = _get(job_id)
    assert (job.state, job.error_code, job.error_params) == ("failed", "slug_taken", {"slug": "ak26"})


def _work_off_at(moment):
    with clock.travel(moment):
        Worker().work_off()
    connections.close_all()


def test_creation_beside_a_command_for_the_same_slug_waits():
    from tenants import owning

    job_id = _ask("create", order=ORDER)
    with owning.exclusive("relais caisse newone") as got:
        assert got
        thread = threading.Thread(target=_work_off_at, args=(clock.now(),))
        thread.start()
        thread.join(300)
        assert (_get(job_id).state, _get(job_id).tries) == ("waiting", 1)
    with platform_transaction():
        PlatformJob.objects.update(due_at=clock.now())
    Worker().work_off()
    _is_made(job_id)


def _start_process():
    environment = os.environ | {"RELAIS_DATA": str(settings.DATA_DIR), "RELAIS_PROCESS": "provisioner"}
    command = [sys.executable, "manage.py", "platform", "work"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _await_state(job_id, *wanted):
    _await(lambda: _get(job_id).state in wanted)


def test_killed_process_is_replaced_and_the_next_ends_in_order_when_asked():
    job_id = _ask("create", order=ORDER)
    killed = _start_process()
    _await_state(job_id, "running", "done")
    killed.kill()
    killed.wait()
    _expire()
    process = _start_process()
    try:
        _await_state(job_id, "done")
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
    finally:
        process.kill()
        process.wait()
    _is_made(job_id)


def _at_once(*acts):
    barrier, results = threading.Barrier(len(acts)), []

    def run(act):
        barrier.wait()
        try:
            results.append(_act(act))
        except JobOpen:
            results.append("open")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results, key=str)


def test_two_clicks_and_two_operators_at_the_same_moment_make_one_job(kind):
    kind(lambda _job: None)
    drafts = {}
    for actor in (ANNA, BRUNO):
        drafts[actor.name] = _act(services.draft_job, actor=actor, kind="probe").id
        _act(services.change_draft, actor=actor, job_id=drafts[actor.name], slug="both", order={})
    submit = partial(services.submit_draft, actor=ANNA, job_id=drafts["Anna"])
    assert _at_once(submit, submit, submit) == [False, False, True]
    Worker().work_off()
    again = {one.name: _act(services.draft_job, actor=one, kind="probe").id for one in (ANNA, BRUNO)}
    for actor in (ANNA, BRUNO):
        _act(services.change_draft, actor=actor, job_id=again[actor.name], slug="both", order={})
    acts = [partial(services.submit_draft, actor=one, job_id=again[one.name]) for one in (ANNA, BRUNO)]
    assert _at_once(*acts) == [True, "open"]
