"""Celery as alarm clock: the app, its one setting for the broker, and tasks that know their caisse."""

from __future__ import annotations

import inspect
import os
from typing import Any
from urllib.parse import urlsplit

from celery import Celery, Task
from kombu import Exchange, Queue

from core.kernel import telemetry
from infra.queues import OUTBOX, QUEUES, SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infra.settings.embedded")

POLL_MILLISECONDS = 25
HARD_LIMIT_SECONDS = 540
UPKEEP_SECONDS = 3600
SAMPLE_SECONDS = 600
REOPEN_SECONDS = 15
HOSTS_SECONDS = 300
# A message whose worker vanished is handed out again after this; longer than any task may last.
VISIBILITY_SECONDS = int(os.environ.get("RELAIS_BROKER_VISIBILITY_SECONDS", "600"))


class CaisseMissing(ValueError):
    """A task was sent without saying for which caisse."""


class CaisseTask(Task[Any, Any]):
    """The base of every task: refuses to be sent or run without ``caisse_id``.

    A task that serves the whole platform says so: ``@shared_task(platform_wide=True)``.
    """

    abstract = True
    platform_wide = False

    def apply_async(  # type: ignore[override]  # the rest of the parent's options pass through
        self, args: Any = None, kwargs: Any = None, **options: Any
    ) -> Any:
        """Send to the task's queue; raises :class:`CaisseMissing` before anything is sent."""
        self._caisse_of(args or (), kwargs or {})
        return super().apply_async(args, kwargs, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run with the caisse on every log line and span."""
        caisse_id = self._caisse_of(args, kwargs)
        with telemetry.caisse_context(caisse_id or ""), telemetry.span(f"task {self.name}"):
            return super().__call__(*args, **kwargs)

    def _caisse_of(self, args: Any, kwargs: Any) -> str | None:
        if self.platform_wide:
            return None
        given = inspect.signature(self.run).bind_partial(*args, **kwargs).arguments
        caisse_id = given.get("caisse_id")
        if not isinstance(caisse_id, str) or not caisse_id:
            raise CaisseMissing(self.name)
        return caisse_id


def broker_options(url: str) -> dict[str, Any]:
    """Return the transport's options for a broker address: pgmq, Redis, RabbitMQ or memory."""
    options: dict[str, Any] = {}
    scheme = urlsplit(url).scheme
    if scheme == "pgmq":
        options = {
            "init_extension": False,
            "poll_interval_ms": POLL_MILLISECONDS,
            "polling_interval": POLL_MILLISECONDS / 1000,
            # One wait on the server; a worker that is asked to stop notices after it.
            "wait_time_seconds": 1,
            "pool_size": 4,
            "pool_timeout": 5,
        }
    if scheme in {"pgmq", "redis", "rediss"}:
        options["visibility_timeout"] = VISIBILITY_SECONDS
    return options


def _schedule(sweep_seconds: float) -> dict[str, Any]:
    # A beat that nobody took in time is worthless: the next one does the same.
    options = {"queue": SCHEDULE, "expires": sweep_seconds * 3}
    hourly = {"queue": SCHEDULE, "expires": UPKEEP_SECONDS}
    rarely = {"queue": SCHEDULE, "expires": HOSTS_SECONDS}
    often = {"queue": SCHEDULE, "expires": REOPEN_SECONDS}
    sampled = {"queue": SCHEDULE, "expires": SAMPLE_SECONDS}
    return {
        "sample": {"task": "core.operator.sample", "schedule": SAMPLE_SECONDS, "options": sampled},
        "reopen": {"task": "core.operator.reopen", "schedule": REOPEN_SECONDS, "options": often},
        "sweep": {"task": "core.outbox.sweep", "schedule": sweep_seconds, "options": options},
        "hosts": {"task": "tenants.check_hosts", "schedule": HOSTS_SECONDS, "options": rarely},
        "operators": {"task": "core.operator.upkeep", "schedule": UPKEEP_SECONDS, "options": hourly},
        "leaving": {"task": "core.transfer.sweep", "schedule": UPKEEP_SECONDS, "options": hourly},
        "upkeep": {"task": "core.accounts.upkeep", "schedule": UPKEEP_SECONDS, "options": hourly},
    }


def configure(url: str, *, sweep_seconds: float) -> dict[str, Any]:
    """Return Celery's settings; no results, no remote control, late acknowledgement."""
    exchange = Exchange("relais", type="direct")
    return {
        "broker_url": url,
        "broker_transport_options": broker_options(url),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_queues": [Queue(name, exchange, routing_key=name) for name in QUEUES],
        "task_default_queue": OUTBOX,
        "task_default_exchange": exchange.name,
        "task_default_routing_key": OUTBOX,
        "task_create_missing_queues": False,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_publish_retry": False,
        "task_time_limit": HARD_LIMIT_SECONDS,
        "task_serializer": "json",
        "accept_content": ["json"],
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "enable_utc": True,
        "timezone": "UTC",
        "beat_schedule": _schedule(sweep_seconds),
    }


def _configuration() -> dict[str, Any]:
    from django.conf import settings  # noqa: PLC0415 -- read when the first task is sent, not at import

    return configure(settings.BROKER_URL, sweep_seconds=settings.OUTBOX_SWEEP_SECONDS)


app = Celery("relais", task_cls=CaisseTask, set_as_current=True)
app.add_defaults(_configuration)
app.autodiscover_tasks()
