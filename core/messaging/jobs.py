"""Reading a file and checking contents: asked for in a page, done by a worker, shown by its progress."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db import connection

from core.catalogue import registry
from core.documents import scanning
from core.documents.models import State as DocumentState
from core.documents.services import open_document
from core.intake.jobs import ParseJob
from core.intake.refusals import FileWithoutRows
from core.intake.runner import run_child
from core.kernel import clock
from core.kernel.issues import Issue, Severity
from core.messaging import checks, drafts, findings, rows
from core.messaging.errors import FileInWork
from core.messaging.models import Finding, Job, Message, UnreadCell
from core.outbox.services import enqueue
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from core.intake.jobs import ParseResult, Progress
    from core.kernel.actors import Actor
    from core.outbox.handlers import Job as OutboxJob
    from tenants.scope import CaisseRef

log = structlog.get_logger(__name__)
TOPIC = "messaging.job"
WORKING = ("waiting", "running")


class FileRefused(Exception):
    """The scanner refused the file that was to be read."""

    def __init__(self, refusal_code: str) -> None:
        super().__init__(refusal_code)
        self.refusal_code = refusal_code


def request_check(*, actor: Actor, message: Message) -> Job:
    """Have the present contents checked; a check of the same revision that is under way is returned."""
    running = message.jobs.filter(kind="check", state__in=WORKING, revision=message.revision).first()
    return running or _start(actor=actor, message=message, kind="check")


def request_reading(
    *, actor: Actor, message: Message, document_id: UUID, choices: Mapping[str, str] | None = None
) -> Job:
    """Have an uploaded file read into the message; its rows take the place of those that are there."""
    if message.jobs.filter(kind="read", state__in=WORKING).exists():
        raise FileInWork
    return _start(actor=actor, message=message, kind="read", document_id=document_id, result={"choices": choices or {}})


def get_last_job(message: Message) -> Job | None:
    """Return the latest job of a message, for the page that shows its progress."""
    return message.jobs.order_by("-created_at", "-id").first()


def check_now(*, actor: Actor, message: Message) -> Message:
    """Check a message without rows at once; it costs some microseconds. Repeatable."""
    del actor
    found = checks.check_payload(message)
    findings.replace_findings(message, found)
    Message.objects.filter(id=message.id, revision=message.revision).update(checked_revision=message.revision)
    message.checked_revision = message.revision
    return message


def _start(*, actor: Actor, message: Message, kind: str, **values: Any) -> Job:
    job = Job.objects.create(
        message=message,
        kind=kind,
        revision=message.revision,
        created_at=clock.now(),
        created_by=actor.user_id,
        **values,
    )
    enqueue(topic=TOPIC, payload={"job_id": str(job.id)})
    return job


def run(entry: OutboxJob) -> None:
    """Do one job: the database in short scopes, the child outside of them. Repeatable."""
    caisse = entry.caisse
    with tenant_transaction(caisse):
        job = Job.objects.select_related("message__party").filter(id=entry.payload["job_id"], state__in=WORKING).first()
        if job is None:
            return
        Job.objects.filter(id=job.id).update(state="running", stage="starting", progress=1)
    folder = Path(tempfile.mkdtemp(prefix="relais-job-", dir=scratch()))
    try:
        described = _describe(caisse, job, folder)
    except FileRefused as refused:
        _fail(caisse, job, "file_unsafe", {"refusal": refused.refusal_code}, None)
    else:
        result = run_child(described, on_progress=lambda step: _show_progress(caisse, job, step))
        _finish(caisse, job, result)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def scratch() -> Path:
    """Return the folder for files that are worked on, of which nothing stays."""
    folder = Path(settings.DATA_DIR) / "scratch"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _describe(caisse: CaisseRef, job: Job, folder: Path) -> ParseJob:
    message = job.message
    message_type = registry.get_type(message.type_key, message.type_version)
    source, unread = folder / "source", None
    with tenant_transaction(caisse):
        context = checks.build_context(message, folder)
        if job.kind == "check":
            unread = folder / "unread.csv"
            rows.write_to_file(message=message, file=source)
            rows.write_unread_to_file(message=message, file=unread)
    if job.kind == "read":
        _fetch(caisse, job, source)
    return ParseJob(
        task="read" if job.kind == "read" else "check",
        plan=message_type.plan or "",
        source=source,
        output=folder / "out",
        message_id=str(message.id),
        unread=unread,
        choices=job.result.get("choices", {}),
        context=context,
        declaration=message.payload,
    )


def _fetch(caisse: CaisseRef, job: Job, target: Path) -> None:
    document = scanning.scan_document(caisse=caisse, document_id=job.document_id)  # type: ignore[arg-type]  # a reading has one
    if document.state == DocumentState.REFUSED:
        raise FileRefused(document.refusal_code)
    with target.open("wb") as file:
        for chunk in open_document(caisse=caisse, document=document):
            file.write(chunk)


def _show_progress(caisse: CaisseRef, job: Job, step: Progress) -> None:
    with tenant_transaction(caisse):
        Job.objects.filter(id=job.id, state="running").update(stage=step.stage, progress=step.percent)


def _finish(caisse: CaisseRef, job: Job, result: ParseResult) -> None:
    if result.refusal is not None:
        if result.failure:
            log.error("intake_child_failed", failure=result.failure)
        _fail(caisse, job, result.refusal.code, dict(result.refusal.params), result.summary.get("choices"))
        return
    with tenant_transaction(caisse):
        message = Message.objects.select_related("party").get(id=job.message_id)
        if message.revision != job.revision:
            _end(job, state="failed", fault="contents_changed")
            return
        if job.kind == "read" and message.row_count and not result.rows.stat().st_size:
            # Most likely the empty template, or another sheet: what was entered must not go for nothing.
            _end(job, state="failed", fault=FileWithoutRows.code)
            return
        _take_over(job, message, result)


def _fail(caisse: CaisseRef, job: Job, code: str, params: dict[str, Any], choices: Any) -> None:
    with tenant_transaction(caisse):
        _end(job, state="failed", fault=code, result={"params": params, "choices": choices})


def _end(job: Job, *, state: str, fault: str = "", result: dict[str, Any] | None = None) -> None:
    Job.objects.filter(id=job.id).update(
        state=state, fault=fault, progress=100, stage="", finished_at=clock.now(), result=result or {}
    )


def _take_over(job: Job, message: Message, result: ParseResult) -> None:
    summary = dict(result.summary)
    changes: dict[str, Any] = {"summary": checks.keep_of_summary(summary)}
    if job.kind == "read":
        columns = summary["row_columns"]
        changes["row_count"] = rows.replace_from_file(message=message, file=result.rows, columns=columns)
        found = {name: value for name, value in (summary.get("declaration") or {}).items() if value not in (None, "")}
        changes["payload"] = {**message.payload, **found}
        changes["period"] = checks.period_of(message, changes["payload"])
    revision = message.revision + (1 if job.kind == "read" else 0)
    updated = Message.objects.filter(id=message.id, revision=message.revision).update(
        revision=revision, checked_revision=revision, changed_at=clock.now(), **changes
    )
    if not updated:
        _end(job, state="failed", fault="contents_changed")
        return
    message.refresh_from_db()
    _keep_findings(message, job, result)
    shown: dict[str, Any] = {key: summary[key] for key in ("facts", "counts") if key in summary}
    _end(job, state="done", result=shown)


def _keep_findings(message: Message, job: Job, result: ParseResult) -> None:
    issues, unread = _read_findings(result)
    issues += checks.check_payload(message)
    findings.replace_findings(message, issues)
    if job.kind == "read":
        UnreadCell.objects.filter(message=message).delete()
        cells = {(row, name): text for row, name, text in unread}
        UnreadCell.objects.bulk_create(
            (
                UnreadCell(message=message, row_number=row, field=name, value=text)
                for (row, name), text in cells.items()
            ),
            batch_size=1000,
        )
    _name_subjects(message)


def _read_findings(result: ParseResult) -> tuple[list[Issue], list[tuple[int, str, str]]]:
    issues: list[Issue] = []
    unread: list[tuple[int, str, str]] = []
    with result.findings.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, fieldnames=result.summary["finding_columns"]):
            params = json.loads(line["params"] or "{}")
            row = int(line["row"]) if line["row"] else None
            issues.append(Issue(line["code"], Severity(line["severity"]), row, line["field"] or None, params))
            if row is not None and line["field"] and isinstance(params.get("text"), str) and params["text"]:
                unread.append((row, line["field"], params["text"]))
    return issues, unread


def _name_subjects(message: Message) -> None:
    """Let each finding on a row say whom it is about, so that a reason follows the person."""
    identity = registry.get_type(message.type_key, message.type_version).row_identity
    if not identity:
        return
    table = rows.row_model(message)._meta.db_table
    texts = " || ' ' || ".join(f"coalesce(r.{name}::text, '')" for name in identity)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Finding._meta.db_table} f SET subject = left({texts}, 200) FROM {table} r "  # noqa: S608 -- names come from the declaration
            "WHERE f.message_id = %s AND r.message_id = %s AND r.row_number = f.row_number AND f.subject = ''",
            [message.id, message.id],
        )


def invalidate(*, actor: Actor, message: Message, revision: int, **changes: Any) -> Message:
    """Count a change of rows: the last check no longer speaks of the present contents."""
    return drafts.touch(actor=actor, message=message, revision=revision, row_count=rows.count_rows(message), **changes)
