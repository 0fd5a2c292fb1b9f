"""Letters for parties who have documents by post: decisions with their PDF, and the caisse's questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.affiliation.settings import ending_settings
from core.accounts.post import postal_address
from core.catalogue.document_kinds import DECISION, QUESTION
from core.declare.display import show_date
from core.documents.delivery import POST, get_way
from core.kernel.text import N_
from core.messaging import signals
from core.messaging.presentation import reference_of
from core.notices.services import print_letter
from core.notices.texts import Notice, declare
from tenants.portal import portal_url
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.catalogue.document_kinds import DocumentKind
    from core.kernel.actors import Actor
    from core.messaging.models import Message

DECISION_LETTER = declare(
    Notice(
        code="messaging.decision_letter",
        title=N_("A decision by post (letter)"),
        subject=N_("Document from %(caisse)s"),
        body=N_(
            "Good day\n\nEnclosed you find “%(title)s” (reference %(reference)s).\n\nIt lies in the portal as well, "
            "where you can also choose to have such documents there only:\n%(link)s\n\n%(caisse)s"
        ),
        fields=frozenset({"title", "reference", "link"}),
    )
)
QUESTION_LETTER = declare(
    Notice(
        code="messaging.question_letter",
        title=N_("A question by post (letter)"),
        subject=N_("A question from %(caisse)s"),
        body=N_(
            "Good day\n\nWe have a question about your message %(reference)s:\n\n%(question)s\n\nYou find the form to "
            "answer it in the portal. Please answer by %(due)s:\n%(link)s\n\n%(caisse)s"
        ),
        fields=frozenset({"reference", "question", "due", "link"}),
    )
)


def bind() -> None:
    """Listen to the events after which a letter may be due."""
    signals.listen("requested", _post_question)


def post_decision(*, message: Message, document_id: UUID, title: str) -> str:
    """Print a decision where the party has them by post, in the caller's scope; return how it reached her.

    A party without a complete address finds it in the portal only; her page at the desk says so.
    """
    address = _address(message, DECISION)
    if not address:
        return "electronic"
    print_letter(
        notice=DECISION_LETTER,
        address=address,
        language=message.party.language,
        fields={"title": title, "reference": reference_of(message), "link": _link(message)},
        enclosure=document_id,
    )
    return POST


def _post_question(message: Message, _actor: Actor) -> None:
    address = _address(message, QUESTION)
    if address:
        due = show_date(message.due_on) if message.due_on else "–"
        fields = {"reference": reference_of(message), "question": message.question, "due": due, "link": _link(message)}
        print_letter(notice=QUESTION_LETTER, address=address, language=message.party.language, fields=fields)


def _address(message: Message, kind: DocumentKind) -> tuple[str, ...]:
    # Who can no longer look is written to, or not, as the caisse has it.
    if message.party.state in {"suspended", "ended"}:
        return postal_address(message.party) if ending_settings().afterwards == "post" else ()
    # Who declined a theme has what belongs to it by post, whatever was chosen for the kind of document.
    declined = message.theme in message.party.declined_themes
    return postal_address(message.party) if declined or get_way(message.party_id, kind) == POST else ()


def _link(message: Message) -> str:
    return f"{portal_url(current_caisse())}/p/{message.party_id}/m/{message.id}/"
