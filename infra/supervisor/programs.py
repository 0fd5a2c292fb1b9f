"""Which programs make up the running platform, and with which arguments."""

from __future__ import annotations

from infra.queues import QUEUES, SCHEDULE
from infra.supervisor.children import Child
from infra.supervisor.paths import DATA_DIR, PYTHON

WEB_PROCESSES = "2"
WEB_THREADS = "4"
TASKS_AT_ONCE = {SCHEDULE: "1"}
_ALONE = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


def web(host: str, port: int) -> Child:
    """Return the web server: two processes of a few threads each, which suits two cores."""
    command = [str(PYTHON), "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", WEB_PROCESSES, "--blocking-threads", WEB_THREADS, "--no-ws"]
    command += ["--respawn-failed-workers", "--log-level", "warning", "infra.wsgi:application"]
    return Child("web", "web", command)


def worker(queue: str) -> Child:
    """Return a worker that polls one queue; several would be polled in turn, each wait in full."""
    name = queue.removeprefix("relais_")
    command = _celery("worker", "--queues", queue, "--hostname", f"{name}@relais", *_ALONE)
    command += ["--concurrency", TASKS_AT_ONCE.get(queue, "2"), "--loglevel", "WARNING"]
    return Child(f"worker-{name}", "worker", command)


def scheduler() -> Child:
    """Return the program that rings by the clock; it does no work itself."""
    folder = DATA_DIR / "scheduler"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = _celery("beat", "--schedule", str(folder / "schedule"), "--pidfile", "", "--loglevel", "WARNING")
    return Child("scheduler", "scheduler", command)


def provisioner() -> Child:
    """Return the worker that makes and changes whole caisses; it alone is given the provisioner's address."""
    return Child("provisioner", "provisioner", [str(PYTHON), "manage.py", "platform", "work"])


def list_programs(host: str, port: int) -> list[Child]:
    """Return everything that ``make run`` keeps alive, PostgreSQL apart."""
    return [web(host, port), *(worker(queue) for queue in QUEUES), scheduler(), provisioner()]


def _celery(*arguments: str) -> list[str]:
    return [str(PYTHON), "-m", "celery", "--app", "infra.celery", "--quiet", *arguments]
