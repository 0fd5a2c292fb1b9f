"""The nursery: a child costs no start, is confined as a new interpreter's is, and nothing outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.intake import nurseries, refusals
from core.intake.jobs import ParseJob
from core.intake.limits import MEBIBYTE, Limits
from core.intake.runner import ROOT, run_child
from tests.support.elm import many_people, write_elm
from tests.support.salary import CONTEXT, DECLARATION, MESSAGE, PLAN, person

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each child is a new interpreter")

ONE_ROW = ";".join(person()) + "\n" + ";".join(person().values()) + "\n"
# Reads the file that it is given and tells at the first step which processes are at work for it.
READER = """
import sys
from pathlib import Path
from core.intake import nurseries
from core.intake.jobs import ParseJob
from core.intake.runner import run_child
from tests.support.salary import CONTEXT, MESSAGE, PLAN

def tell(step):
    nursery = nurseries.get_pid()
    child = Path(f"/proc/{nursery}/task/{nursery}/children").read_text().split()[0]
    print(nursery, child, flush=True)

source, folder = Path(sys.argv[1]), Path(sys.argv[2])
run_child(ParseJob("read", PLAN, source, folder / "out", MESSAGE, context=CONTEXT), on_progress=tell)
"""

# Forks between two jobs; what was forked hears nothing of the nursery and does it no harm.
FORKING = """
import os, sys
from pathlib import Path
from core.intake import nurseries
from core.intake.jobs import ParseJob
from core.intake.runner import run_child
from tests.support.salary import CONTEXT, MESSAGE, PLAN

source = Path(sys.argv[1])
job = ParseJob("read", PLAN, source, source.parent / "out", MESSAGE, context=CONTEXT)
assert run_child(job).refusal is None
nursery = nurseries.get_pid()
if not (fork := os.fork()):
    sys.exit(nurseries.get_pid() is not None)
assert os.waitpid(fork, 0)[1] == 0
assert run_child(job).refusal is None
assert nurseries.get_pid() == nursery
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return write_elm(tmp_path_factory.mktemp("large") / "large.xml", many_people(60_000))


@pytest.fixture(autouse=True)
def _own_nursery(monkeypatch):
    # A machine that has other work takes long to import what a new one needs; none is then done without.
    monkeypatch.setattr(nurseries, "ANSWER_SECONDS", 300)
    nurseries.end()
    yield
    nurseries.end()


def small_job(folder):
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "salaries.csv"
    source.write_text(ONE_ROW, encoding="utf-8")
    return ParseJob("read", PLAN, source, folder / "out", MESSAGE, context=CONTEXT, declaration=DECLARATION)


def large_job(source, folder):
    return ParseJob("read", PLAN, source, folder / "out", MESSAGE, context=CONTEXT)


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kill_nursery():
    os.kill(nurseries.get_pid(), signal.SIGKILL)


def test_one_nursery_serves_all_jobs_and_only_the_first_pays_its_start(tmp_path):
    first = run_child(small_job(tmp_path / "1"))
    pid = nurseries.get_pid()
    later = [run_child(small_job(tmp_path / str(number))) for number in (2, 3)]
    assert nurseries.get_pid() == pid
    assert all(result.refusal is None for result in (first, *later))
    assert all(0 < result.cpu_seconds < first.cpu_seconds for result in later)


def test_it_finds_what_a_new_interpreter_finds(tmp_path, monkeypatch):
    few = write_elm(tmp_path / "few.xml", many_people(300))
    lent = run_child(large_job(few, tmp_path))
    found = [path.read_bytes() for path in (lent.rows, lent.findings)]
    assert nurseries.get_pid() is not None
    nurseries.end()
    monkeypatch.setattr(nurseries._keeper, "possible", False)
    alone = run_child(large_job(few, tmp_path))
    assert nurseries.get_pid() is None
    assert [path.read_bytes() for path in (alone.rows, alone.findings)] == found
    differing = {key for key in alone.summary if alone.summary[key] != lent.summary[key]}
    assert differing <= {"peak_memory_bytes"}


def test_nursery_killed_between_jobs_is_replaced(tmp_path):
    run_child(small_job(tmp_path / "1"))
    pid = nurseries.get_pid()
    kill_nursery()
    assert run_child(small_job(tmp_path / "2")).refusal is None
    run_child(small_job(tmp_path / "3"))
    assert nurseries.get_pid() not in {pid, None}
    assert is_gone(pid)


def test_nursery_killed_during_a_job_takes_the_child_along_and_the_job_is_done_again(large, tmp_path):
    seen = []

    def kill_once(_step):
        if not seen:
            seen.extend(children_of(nurseries.get_pid()))
            kill_nursery()

    result = run_child(large_job(large, tmp_path), on_progress=kill_once)
    assert result.refusal is None
    assert result.summary["row_count"] == 60_000
    assert len(seen) == 1
    wait_until(lambda: is_gone(seen[0]))


def test_too_long_by_the_clock_ends_the_child_alone(large, tmp_path):
    result = run_child(large_job(large, tmp_path), limits=Limits(wall_seconds=1))
    assert isinstance(result.refusal, refusals.ReadingTooLong)
    assert result.cpu_seconds > 0
    assert children_of(nurseries.get_pid()) == []
    assert run_child(small_job(tmp_path / "next")).refusal is None


def test_too_much_memory_or_processor_ends_the_child_alone(large, tmp_path):
    job = large_job(large, tmp_path)
    run_child(small_job(tmp_path / "1"))
    pid = nurseries.get_pid()
    heavy = run_child(job, limits=Limits(data_bytes=100 * MEBIBYTE))
    assert isinstance(heavy.refusal, refusals.ReadingTooHeavy)
    assert isinstance(run_child(job, limits=Limits(cpu_seconds=1)).refusal, refusals.ReadingTooLong)
    assert run_child(small_job(tmp_path / "2")).refusal is None
    assert nurseries.get_pid() == pid


def test_nursery_that_does_not_answer_keeps_nobody_beyond_the_time(large, tmp_path, monkeypatch):
    from core.intake import runner

    monkeypatch.setattr(nurseries, "END_SECONDS", 0.5)
    pids, ahead = [], [0]
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + ahead[0])
    monkeypatch.setattr(runner, "time", clock)

    def stop(_step):
        if not pids:
            pids.append(nurseries.get_pid())
            os.kill(pids[0], signal.SIGSTOP)
            # The time is over only now, however long it took until something was read.
            ahead[0] = Limits().wall_seconds

    result = run_child(large_job(large, tmp_path), on_progress=stop)
    assert isinstance(result.refusal, refusals.ReadingTooLong)
    wait_until(lambda: is_gone(pids[0]))


def test_neither_nursery_nor_child_knows_a_secret_or_another_line(large, tmp_path, monkeypatch):
    monkeypatch.setenv("RELAIS_DATABASE_URL", "postgresql://secret")
    seen, handles = {}, []

    def look(_step):
        if seen:
            return
        nursery = nurseries.get_pid()
        (child,) = children_of(nursery)
        for pid in (nursery, child):
            seen[pid] = Path(f"/proc/{pid}/environ").read_bytes()
        with suppress(FileNotFoundError):  # what the child closes meanwhile
            handles.extend(str(handle.readlink()) for handle in Path(f"/proc/{child}/fd").iterdir())

    assert run_child(large_job(large, tmp_path), on_progress=look).refusal is None
    assert len(seen) == 2
    assert not any(b"secret" in text or b"RELAIS_DATABASE_URL" in text for text in seen.values())
    assert os.devnull in handles
    assert not [name for name in handles if name.startswith(("socket:", "anon_inode:[pidfd]"))]


def test_another_environment_makes_another_nursery(tmp_path, monkeypatch):
    run_child(small_job(tmp_path / "1"))
    pid = nurseries.get_pid()
    monkeypatch.setenv("RELAIS_THEME_PATHS", str(tmp_path))
    assert run_child(small_job(tmp_path / "2")).refusal is None
    assert nurseries.get_pid() != pid
    assert is_gone(pid)


def test_several_threads_are_served_at_once(tmp_path):
    results = {}

    def read(number):
        results[number] = run_child(small_job(tmp_path / str(number)))

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [results[number].refusal for number in range(4)] == [None] * 4
    assert children_of(nurseries.get_pid()) == []


def test_nothing_is_left_when_the_parent_is_killed(large, tmp_path):
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", READER, str(large), str(tmp_path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as parent:
        nursery, child = (int(pid) for pid in parent.stdout.readline().split())
        assert not is_gone(nursery)
        assert not is_gone(child)
        parent.kill()
        wait_until(lambda: is_gone(nursery) and is_gone(child))


def test_fork_of_the_parent_leaves_the_nursery_alone(tmp_path):
    (tmp_path / "salaries.csv").write_text(ONE_ROW, encoding="utf-8")
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", FORKING, str(tmp_path / "salaries.csv")]
    assert subprocess.run(command, env=environment).returncode == 0


def test_where_forking_is_unsafe_each_child_is_a_new_interpreter(tmp_path, monkeypatch):
    from core.intake import runner

    # With jemalloc's own thread the nursery finds that it is not alone.
    monkeypatch.setitem(runner.ALLOCATOR, "_RJEM_MALLOC_CONF", "background_thread:true")
    monkeypatch.setattr(nurseries._keeper, "possible", True)
    results = [run_child(small_job(tmp_path / str(number))) for number in range(2)]
    assert [result.refusal for result in results] == [None, None]
    assert nurseries.get_pid() is None
