"""The kinds of document that a caisse keeps or delivers, by slug; rooms and themes may add theirs."""

from __future__ import annotations

from dataclasses import dataclass

from core.kernel.text import N_, Text


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind of document. ``delivered`` ones reach a party by the way that caisse or employer chose."""

    slug: str
    title: Text
    delivered: bool = False


_kinds: dict[str, DocumentKind] = {}


def declare(kind: DocumentKind) -> DocumentKind:
    """Add a kind and return it; a slug may be used once."""
    if _kinds.setdefault(kind.slug, kind) != kind:
        message = f"document kind {kind.slug!r} is declared twice"
        raise ValueError(message)
    return kind


DECISION = declare(DocumentKind("decision", N_("Decisions"), delivered=True))
QUESTION = declare(DocumentKind("question", N_("Questions of the caisse"), delivered=True))
RECEIPT = declare(DocumentKind("receipt", N_("Receipts")))
DATA = declare(DocumentKind("data", N_("Files with data that were sent")))
ATTACHMENT = declare(DocumentKind("attachment", N_("Attachments")))


def list_delivered() -> list[DocumentKind]:
    """Return the kinds that are delivered to a party."""
    return [one for one in _kinds.values() if one.delivered]


def name_delivered() -> dict[str, str]:
    """Return the marked name of each kind that is delivered, by slug."""
    return {one.slug: one.title for one in list_delivered()}


def name_kept() -> dict[str, str]:
    """Return the marked name of each kind that is kept as a file, by slug."""
    return {one.slug: one.title for one in _kinds.values() if one is not QUESTION}
