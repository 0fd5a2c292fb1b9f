"""Telling people by e-mail that something waits in the portal; the mail itself says nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.recipients import list_recipients
from core.kernel.text import N_
from core.messaging import signals
from core.notices.services import send_mail
from core.notices.texts import Notice, declare
from tenants.portal import portal_url
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from core.messaging.models import Message

_FIELDS = frozenset({"party", "link"})

QUESTION = declare(
    Notice(
        code="messaging.requested",
        title=N_("A question waits in the portal (mail)"),
        subject=N_("A question from %(caisse)s waits for your answer"),
        body=N_(
            "Good day\n\n%(caisse)s has a question for %(party)s. You find it in the Inbox of the portal, with the "
            "form to answer it:\n\n%(link)s\n\nFor reasons of secrecy this mail says no more. Nobody at %(caisse)s "
            "will ever ask you for your password.\n\n%(caisse)s"
        ),
        fields=_FIELDS,
    )
)
NEWS = declare(
    Notice(
        code="messaging.moved_on",
        title=N_("A matter has moved on (mail)"),
        subject=N_("News in the portal of %(caisse)s"),
        body=N_(
            "Good day\n\nA matter of %(party)s has moved on. You see the details after signing in:\n\n%(link)s\n\n"
            "For reasons of secrecy this mail says no more. Nobody at %(caisse)s will ever ask you for your "
            "password.\n\n%(caisse)s"
        ),
        fields=_FIELDS,
    )
)
_NOTICE_OF_EVENT = {
    "requested": QUESTION,
    "decision_published": NEWS,
    "closed": NEWS,
    "refused": NEWS,
    "recorded": NEWS,
    "delivered": NEWS,
}


def bind() -> None:
    """Listen to the events that concern the party."""
    for event in _NOTICE_OF_EVENT:
        signals.listen(event, _LISTENERS[event])


def _tell(notice: Notice, message: Message) -> None:
    caisse = current_caisse()
    link = f"{portal_url(caisse)}/p/{message.party_id}/m/{message.id}/"
    for recipient in list_recipients(message.party_id, message.theme, message.type_key):
        send_mail(
            notice=notice,
            to=recipient.address,
            language=recipient.language,
            fields={"party": message.party.name, "link": link},
        )


def _tell_question(message: Message, _actor: Actor) -> None:
    _tell(QUESTION, message)


def _tell_news(message: Message, _actor: Actor) -> None:
    _tell(NEWS, message)


_LISTENERS = {event: _tell_question if notice is QUESTION else _tell_news for event, notice in _NOTICE_OF_EVENT.items()}
