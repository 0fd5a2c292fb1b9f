"""Answers to the terms: accepting for a company, acknowledging for oneself, refusing; and where somebody stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db import transaction
from django.db.utils import IntegrityError

from core.accounts.models import Party
from core.accounts.policy import caisse_today
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotFound
from core.terms import memory
from core.terms.errors import TermsChanged, TermsNeedAnAdministrator, TermsNotAccepted
from core.terms.models import Answer, TermsText, Version
from core.terms.renewing import begin_agreement
from core.terms.rules import Answers, Standing, judge
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.kernel.issues import Scalar


def answer_terms(*, actor: Actor, version: Version, kind: str, language: str, sha256: str) -> None:
    """Write down an answer to the text with this digest; the same answer again changes nothing.

    ``accepted`` is for the company and comes from one of its administrators, whose own
    acknowledgement it is too; ``acknowledged`` and ``refused`` are the user's. Raises
    ``terms_need_an_administrator``, or ``terms_changed`` when the text is another by now.
    """
    if kind == "accepted" and "administrator" not in actor.roles:
        raise TermsNeedAnAdministrator
    if (
        not TermsText.objects.filter(
            version=version, language=language, sha256=sha256, version__state=Version.States.PUBLISHED
        ).exists()
        or not sha256
    ):
        raise TermsChanged
    kinds = ("accepted", "acknowledged") if kind == "accepted" else (kind,)
    added = [_add(actor, version, one, language, sha256) for one in kinds]
    if any(added):
        facts: dict[str, Scalar] = {"number": version.number, "language": language, "sha256": sha256}
        record(actor=actor, action=f"terms_{kind}", object_type="terms", object_id=version.id, data=facts)
    if kind == "accepted":
        begin_agreement(Party.objects.get(id=_company(actor)))


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What an applicant accepted before there was a user: which text, when, by which way, and who did."""

    version_id: UUID
    language: str
    sha256: str
    at: datetime
    name: str
    channel: Literal["portal", "letter", "counter"] = "portal"
    document_id: UUID | None = None


def record_earlier_acceptance(*, actor: Actor, party_id: UUID, given: EarlierAnswer) -> bool:
    """Write down for a company what its applicant accepted; whether it was new. Repeatable.

    Raises ``terms_changed`` where no published text has this digest.
    """
    texts = TermsText.objects.filter(version_id=given.version_id, language=given.language, sha256=given.sha256)
    if not given.sha256 or not texts.filter(version__state=Version.States.PUBLISHED).exists():
        raise TermsChanged
    try:
        with transaction.atomic():
            Answer.objects.create(
                version_id=given.version_id,
                kind="accepted",
                party_id=party_id,
                user_name=given.name,
                language=given.language,
                sha256=given.sha256,
                channel=given.channel,
                recorded_by_name=actor.name if given.channel != "portal" else "",
                document_id=given.document_id,
                at=given.at,
            )
    except IntegrityError:
        return False  # the company had accepted this version before
    begin_agreement(Party.objects.get(id=party_id))
    facts: dict[str, Scalar] = {"language": given.language, "sha256": given.sha256, "channel": given.channel}
    record(
        actor=actor,
        action="terms_accepted",
        object_type="terms",
        object_id=given.version_id,
        data=facts,
        for_party_id=party_id,
    )
    return True


def _add(actor: Actor, version: Version, kind: str, language: str, sha256: str) -> bool:
    try:
        with transaction.atomic():
            Answer.objects.create(
                version=version,
                kind=kind,
                party_id=_company(actor),
                user_id=actor.user_id,
                user_name=actor.name,
                language=language,
                sha256=sha256,
                assurance_level=actor.assurance_level,
                at=clock.now(),
            )
    except IntegrityError:
        return False  # it was given before, by her or by a colleague
    return True


def get_standing(actor: Actor, audience: str = "") -> Standing:
    """Return where a party's actor stands; ``audience`` is the kind of her company where the caller knows it.

    No query while the caisse has published nothing (for that kind).
    """
    caisse, company = current_caisse(), _company(actor)
    if not memory.list_published(caisse, audience):
        return Standing("free")
    kind = audience or Party.objects.values_list("kind", flat=True).get(id=company)
    versions = memory.list_published(caisse, kind)
    if not versions:
        return Standing("free")
    given = Answer.objects.filter(party_id=company).exclude(kind="refused")
    rows = list(given.values_list("kind", "user_id", "version__number"))
    answers = Answers(
        accepted={number for answer, _user, number in rows if answer == "accepted"},
        acknowledged={number for answer, user, number in rows if answer == "acknowledged" and user == actor.user_id},
    )
    return judge(versions, answers, caisse_today(caisse))


def require_accepted(actor: Actor) -> None:
    """Raise ``terms_not_accepted`` unless the actor may send; the caisse's own people and programs of ours may."""
    if actor.kind == "party" and not get_standing(actor).may_send:
        raise TermsNotAccepted


def access_published(actor: Actor, version_id: UUID) -> Version:
    """Return a published version that is meant for the actor's company; anything else is ``NotFound``."""
    kind = Party.objects.values_list("kind", flat=True).get(id=_company(actor))
    found = Version.objects.filter(id=version_id, audience=kind, state=Version.States.PUBLISHED).first()
    if found is None:
        raise NotFound
    return found


def list_answers(actor: Actor) -> list[Answer]:
    """Return what was answered within the actor's company, newest first."""
    return list(Answer.objects.filter(party_id=_company(actor)).select_related("version").order_by("-at", "-id")[:200])


def get_text(version_id: UUID, language: str) -> TermsText:
    """Return a version's text in a language, else in the first there is."""
    texts = {text.language: text for text in TermsText.objects.filter(version_id=version_id).order_by("language")}
    found = texts.get(language) or next(iter(texts.values()), None)
    if found is None:
        raise NotFound
    return found


def find_last_accepted(actor: Actor, *, before: int) -> Version | None:
    """Return the latest version below a number that the actor's company accepted."""
    accepted = Version.objects.filter(answers__party_id=_company(actor), answers__kind="accepted", number__lt=before)
    return accepted.order_by("-number").first()


def _company(actor: Actor) -> UUID:
    if actor.acting_party_id is None:
        raise NotFound
    return actor.acting_party_id
