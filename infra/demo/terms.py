"""The demo's terms of use for employers: in force, accepted by the cast's companies, acknowledged by their users."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.accounts.models import Membership
from core.accounts.policy import caisse_today
from core.accounts.seats import build_actor
from core.kernel.actors import Actor
from core.terms import answering, drafting
from core.terms.models import TermsText, Version
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from tenants.scope import CaisseRef

# A file for each language: title, what it says in short, then the text; empty lines part them.
TEXTS = Path(__file__).parent / "terms_texts"


def publish(caisse: CaisseRef) -> None:
    """Publish them and answer for the cast, once."""
    author = Actor.system("demo")
    with tenant_transaction(caisse):
        if Version.objects.exists():
            return
        draft = drafting.start_draft(actor=author, audience="employer")
        for file in sorted(TEXTS.glob("*.txt")):
            title, summary, body = file.read_text(encoding="utf-8").split("\n\n", 2)
            values = {"title": title, "summary": summary, "body": body.strip()}
            drafting.save_text(actor=author, version=draft, language=file.stem, values=values)
        today = caisse_today(caisse)
        version = drafting.publish_version(actor=author, version=draft, valid_from=today, grace_days=30, asks=True)
    for membership in _list_members(caisse):
        _answer(caisse, version, membership)


def _list_members(caisse: CaisseRef) -> list[Membership]:
    with tenant_transaction(caisse):
        return list(Membership.objects.filter(party__kind="employer").select_related("user").order_by("role", "id"))


def _answer(caisse: CaisseRef, version: Version, membership: Membership) -> None:
    with tenant_transaction(caisse):
        actor = build_actor(membership.user, membership.party_id, assurance_level=2)
        text = TermsText.objects.get(version=version, language=membership.user.language)
        kind = "accepted" if membership.role == "administrator" else "acknowledged"
        given = {"language": text.language, "sha256": text.sha256}
        answering.answer_terms(actor=actor, version=version, kind=kind, **given)
