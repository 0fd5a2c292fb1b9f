"""The only way from a request to a message; whatever is foreign does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.errors import NotFound
from core.messaging.assurance import check_reading
from core.messaging.desk_guards import open_to
from core.messaging.errors import NotEditable
from core.messaging.models import Job, Message
from core.messaging.states import EDITABLE, State

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor


def access_message(viewer: Actor, message_id: UUID) -> Message:
    """Return a message that the viewer may see, or raise ``not_found``; ``assurance_too_low`` by password alone."""
    message = open_to(viewer, Message.objects.select_related("party").filter(id=message_id)).first()
    if message is None or not may_see(viewer, message):
        raise NotFound
    check_reading(viewer, message)
    return message


def access_editable(viewer: Actor, message_id: UUID) -> Message:
    """Return a message whose contents the viewer may change now."""
    message = access_message(viewer, message_id)
    if not viewer.may_act(message.theme) or viewer.is_desk != (
        message.drafted_by == "caisse" and message.kind != "request"
    ):
        raise NotFound
    if message.state not in EDITABLE:
        raise NotEditable
    return message


def access_job(viewer: Actor, job_id: UUID) -> Job:
    """Return a job on a message that the viewer may see."""
    job = open_to(viewer, Job.objects.select_related("message").filter(id=job_id), "message__party_id").first()
    if job is None or not may_see(viewer, job.message):
        raise NotFound
    return job


def may_see(viewer: Actor, message: Message) -> bool:
    """Whether the message exists for this viewer: theme, party, and drafts only for their own side."""
    if message.state == State.DISCARDED or not viewer.may_read(message.theme) or not viewer.covers(message.type_key):
        return False
    if viewer.kind == "system":
        return True
    is_draft = message.state == State.DRAFT
    if viewer.is_desk:
        return not is_draft or message.drafted_by == "caisse"
    return message.party_id == viewer.party_id and (not is_draft or message.drafted_by == "party")


def sees_contents(viewer: Actor, message: Message) -> bool:
    """Whether the viewer may see payload and rows; the desk does not look into an answer being written."""
    return not (viewer.is_desk and message.state == State.OPEN)
