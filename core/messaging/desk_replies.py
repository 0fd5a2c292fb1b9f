"""Texts that clerks use again in questions and decisions, with merge fields that the case fills in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.audit.services import record
from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.declare.display import show_date
from core.kernel import clock
from core.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from core.kernel.text import N_
from core.messaging.desk_settings import today_at_desk
from core.messaging.errors import DeskOnly
from core.messaging.models import Reply
from core.messaging.presentation import reference_of
from core.messaging.selectors import list_readable
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.messaging.models import Message

MERGE_FIELDS = {
    "party": N_("Name of the party"),
    "reference": N_("Reference of the case"),
    "period": N_("Period that the message is about"),
    "clerk": N_("Name of who writes"),
    "date": N_("Today's date"),
}
TITLE_LENGTH, TEXT_LENGTH = 120, 5000
_FIELD = re.compile(r"\{([^{}\n]*)\}")


class MergeFieldUnknown(InvalidInput):
    """There is no merge field {%(name)s}. These exist: %(known)s."""

    code = "merge_field_unknown"


class ReplyIncomplete(InvalidInput):
    """A reply text needs a theme, a language, a title of at most 120 and a text of at most 5,000 characters."""

    code = "reply_incomplete"


class ReplyTitleTaken(Conflict):
    """In this theme and language another reply text has this title."""

    code = "reply_title_taken"


class ReplyUnknown(InvalidInput):
    """Choose a reply text from the list."""

    code = "reply_unknown"


def save_reply(*, actor: Actor, reply_id: UUID | None, theme: str, language: str, title: str, text: str) -> Reply:
    """Make or change a reply text; who acts in a theme keeps its texts."""
    kept = access_reply(actor, reply_id) if reply_id else None
    for slug in {theme, kept.theme} if kept else {theme}:
        _check_right(actor, slug)
    values = {"theme": theme, "language": language, "title": title.strip(), "text": text.strip()}
    _check(values)
    others = Reply.objects.exclude(id=kept.id) if kept else Reply.objects.all()
    if others.filter(theme=theme, language=language, title=values["title"]).exists():
        raise ReplyTitleTaken
    reply = kept or Reply()
    for name, value in {**values, "changed_at": clock.now(), "changed_by_name": actor.name}.items():
        setattr(reply, name, value)
    reply.save()
    record(actor=actor, action="reply_saved", object_type="reply", object_id=reply.id, data={"theme": theme})
    return reply


def remove_reply(*, actor: Actor, reply_id: UUID) -> None:
    """Take a reply text away; what was written with it stays."""
    reply = access_reply(actor, reply_id)
    _check_right(actor, reply.theme)
    reply.delete()
    record(actor=actor, action="reply_removed", object_type="reply", object_id=reply_id, data={"theme": reply.theme})


def access_reply(viewer: Actor, reply_id: UUID) -> Reply:
    """Return a reply text of a theme that the viewer reads, or raise ``not_found``."""
    reply = Reply.objects.filter(id=reply_id, theme__in=list_readable(viewer)).first()
    if reply is None or not viewer.is_desk:
        raise NotFound
    return reply


def list_replies(viewer: Actor) -> list[Reply]:
    """Return the reply texts of the viewer's themes, by theme, title and language."""
    return list(Reply.objects.filter(theme__in=list_readable(viewer)).order_by("theme", "title", "language", "id"))


def list_replies_for(message: Message) -> list[Reply]:
    """Return the reply texts that fit a message, those in the party's language first."""
    found = Reply.objects.filter(theme=message.theme).order_by("title", "language", "id")
    return sorted(found, key=lambda reply: reply.language != message.party.language)


def fill_in(reply: Reply, *, message: Message, actor: Actor) -> str:
    """Return the text with its merge fields filled in from a case."""
    values = {
        "party": message.party.name,
        "reference": reference_of(message),
        "period": message.period,
        "clerk": actor.name,
        "date": show_date(today_at_desk()),
    }
    return _FIELD.sub(lambda found: values.get(found[1].strip(), found[0]), reply.text)


def _check(values: dict[str, str]) -> None:
    offered = configuration.get(current_caisse(), LanguagesSection).languages
    fits = 0 < len(values["title"]) <= TITLE_LENGTH and 0 < len(values["text"]) <= TEXT_LENGTH
    if not fits or values["language"] not in offered:
        raise ReplyIncomplete
    for name in _FIELD.findall(values["text"]):
        if name.strip() not in MERGE_FIELDS:
            raise MergeFieldUnknown(name=name.strip(), known=", ".join(f"{{{one}}}" for one in MERGE_FIELDS))


def _check_right(actor: Actor, theme: str) -> None:
    if not actor.is_desk:
        raise DeskOnly
    if not theme:
        raise ReplyIncomplete
    if not actor.may_act(theme):
        raise NotPermitted
