"""Files for many clients in words: where a batch stands, what comes of each file, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from core.catalogue import registry
from core.intake.refusals import FileRefused, refusal_for
from core.kernel.errors import InvalidInput, RelaisError, find_error
from core.kernel.text import N_
from core.messaging.batches.correcting import shown_number
from core.messaging.jobs import WORKING
from core.messaging.states import EDITABLE, State
from core.web.views.desk_case import in_words
from core.web.views.given_files import fault_of_job

if TYPE_CHECKING:
    from core.messaging.batches.selectors import Outcome
    from core.messaging.models import Batch, BatchFile

STATES = {
    "looking": N_("Being looked at"),
    "ready": N_("Waits for you"),
    "making": N_("Drafts are being made"),
    "sending": N_("Declarations are being sent"),
    "failed": N_("Could not be read"),
}
FILE_STATES = {
    "clear": N_("Ready to be taken over"),
    "unclear": N_("Unclear"),
    "left_out": N_("Left out"),
    "made": N_("Taken over"),
}
FOUND_BY = {
    "content": N_("from the file"),
    "name": N_("from the file's name"),
    "folder": N_("from the folder's name"),
    "hand": N_("entered by hand"),
}


class ReasonUnknown(InvalidInput):
    """This could not be done. Open the draft, or hand the file in again."""

    code = "batch_reason_unknown"


def describe_batch(batch: Batch) -> dict[str, Any]:
    """Return what pages show of a batch."""
    return {
        "batch": batch,
        "title": gettext(registry.get_type(batch.type_key).title),
        "state": gettext(STATES[batch.state]),
        "is_busy": batch.state not in {"ready", "failed"},
        "fault": _explain(batch.fault, batch.fault_params) if batch.state == "failed" else "",
    }


def describe_file(file: BatchFile, outcome: Outcome | None) -> dict[str, Any]:
    """Return one line of the table: whose it is, what comes of it, why not."""
    label, chip, said = _tell_made(file, outcome) if outcome else _tell_waiting(file)
    made = outcome.message if outcome and outcome.message.state != State.DISCARDED else None
    return {
        "file": file,
        "number": shown_number(file),
        "found_by": gettext(FOUND_BY[file.found_by]) if file.party and file.found_by in FOUND_BY else "",
        "label": label,
        "chip": chip,
        "said": said,
        "is_open": file.state != "made",
        "is_out": file.state == "left_out",
        "is_unreadable": file.document_id is None and file.state != "made",
        "url": _url(made) if made else "",
        "reference": made.reference if made else "",
    }


def _url(message: Any) -> str:
    name = "message_review" if message.state in EDITABLE else "message"
    return reverse(name, args=[message.party_id, message.id])


def _tell_waiting(file: BatchFile) -> tuple[str, str, str]:
    chips = {"clear": "ok", "unclear": "warn"}
    said = _explain(file.reason, file.params) if file.state == "unclear" else ""
    return gettext(FILE_STATES[file.state]), chips.get(file.state, ""), said


def _tell_made(file: BatchFile, outcome: Outcome) -> tuple[str, str, str]:
    message, job = outcome.message, outcome.job
    refused = _explain(file.reason, file.params) if file.reason else ""
    if message.state == State.DISCARDED:
        return gettext("Draft deleted"), "", ""
    if message.state not in EDITABLE:
        return gettext("Sent"), "ok", ""
    if job is not None and job.state in WORKING:
        return gettext("Draft: the file is being read"), "info", ""
    if job is not None and job.state == "failed":
        return gettext("Draft: the file could not be read"), "stop", fault_of_job(job)
    return _tell_draft(outcome, refused)


def _tell_draft(outcome: Outcome, refused: str) -> tuple[str, str, str]:
    persons = outcome.message.row_count
    said = ngettext("%(count)s person", "%(count)s persons", persons) % {"count": persons}
    blocking, reasons = outcome.findings.get("block", 0), outcome.findings.get("justify", 0)
    if refused:
        return gettext("Draft: not sent"), "stop", f"{said}. {refused}"
    if blocking:
        more = ngettext("%(count)s place to correct", "%(count)s places to correct", blocking) % {"count": blocking}
        return gettext("Draft: to correct"), "warn", f"{said}, {more}"
    if reasons:
        more = ngettext("%(count)s reason to give", "%(count)s reasons to give", reasons) % {"count": reasons}
        return gettext("Draft: to look through"), "info", f"{said}, {more}"
    return gettext("Draft: ready to send"), "ok", said


def _explain(code: str, params: dict[str, Any]) -> str:
    """Return a kept reason in the reader's language; one that no class knows any more is told in general."""
    kind: type[RelaisError] = refusal_for(code)
    if kind is FileRefused and code != FileRefused.code:
        kind = find_error(code) or ReasonUnknown
    try:
        return in_words(kind(**params))
    except (KeyError, TypeError):
        return in_words(ReasonUnknown())
