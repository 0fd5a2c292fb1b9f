"""Writing, publishing and withdrawing versions; within the caisse's scope."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max

from core.accounts.policy import caisse_today
from core.audit.services import record
from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.kernel import clock
from core.kernel.errors import NotFound
from core.terms import memory, telling
from core.terms.errors import TermsDayPast, TermsDayTaken, TermsIncomplete, TermsInForce, TermsPublished
from core.terms.models import TermsText, Version
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.kernel.issues import Scalar

States = Version.States


def start_draft(*, actor: Actor, audience: str) -> Version:
    """Return the draft of the next version, begun with the texts of the latest; repeatable, there is one at most."""
    if found := Version.objects.filter(audience=audience, state=States.DRAFT).first():
        return found
    number = (Version.objects.filter(audience=audience).aggregate(last=Max("number"))["last"] or 0) + 1
    draft = Version(audience=audience, number=number, created_at=clock.now(), created_by_name=actor.name)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        return Version.objects.get(audience=audience, state=States.DRAFT)
    _copy_texts(draft)
    record(actor=actor, action="terms_drafted", object_type="terms", object_id=draft.id, data={"number": number})
    return draft


def _copy_texts(draft: Version) -> None:
    latest = Version.objects.filter(audience=draft.audience, state=States.PUBLISHED).order_by("-valid_from").first()
    texts = latest.texts.all() if latest else []
    TermsText.objects.bulk_create(
        TermsText(version=draft, language=one.language, title=one.title, body=one.body) for one in texts
    )


def save_text(*, actor: Actor, version: Version, language: str, values: Mapping[str, str]) -> TermsText:
    """Store title, summary and body of a draft in one language. Raises ``terms_published``."""
    del actor  # a draft's words are nobody's act; its publication is
    if not Version.objects.select_for_update().filter(id=version.id, state=States.DRAFT).exists():
        raise TermsPublished
    named = {name: values.get(name, "") for name in ("title", "summary", "body")}
    text, _made = TermsText.objects.update_or_create(version=version, language=language, defaults=named)
    return text


def publish_version(*, actor: Actor, version: Version, valid_from: date, grace_days: int, asks: bool) -> Version:
    """Publish a draft: from then on nobody changes it, and all concerned are told.

    It takes effect tomorrow at the earliest; a first version may take effect today, as it changes
    nothing that anybody relied on. Raises ``terms_incomplete``, ``terms_day_past``,
    ``terms_day_taken``, ``terms_published``.
    """
    _check_texts(version)
    first = not Version.objects.filter(audience=version.audience, state=States.PUBLISHED).exists()
    if valid_from < caisse_today(current_caisse()) + timedelta(days=0 if first else 1):
        raise TermsDayPast
    now = clock.now()
    changes = {
        "state": States.PUBLISHED, "valid_from": valid_from, "grace_days": grace_days, "asks": asks,
        "published_at": now, "published_by": actor.user_id, "published_by_name": actor.name,
    }  # fmt: skip
    try:
        with transaction.atomic():
            published = Version.objects.filter(id=version.id, state=States.DRAFT).update(**changes)
    except IntegrityError as error:
        raise TermsDayTaken from error
    if not published:
        raise TermsPublished
    for text in version.texts.all():
        TermsText.objects.filter(id=text.id).update(sha256=text.digest())
    facts: dict[str, Scalar] = {"number": version.number, "valid_from": valid_from.isoformat(), "asks": asks}
    record(actor=actor, action="terms_published", object_type="terms", object_id=version.id, data=facts)
    memory.announce()
    done = Version.objects.get(id=version.id)
    telling.tell_later(version=done)
    return done


def withdraw_version(*, actor: Actor, version: Version) -> None:
    """Withdraw a published version before its day; repeatable. Raises ``terms_in_force``."""
    today = caisse_today(current_caisse())
    waiting = Version.objects.filter(id=version.id, state=States.PUBLISHED, valid_from__gt=today)
    if not waiting.update(state=States.WITHDRAWN):
        if Version.objects.filter(id=version.id, state=States.WITHDRAWN).exists():
            return
        raise TermsInForce
    record(actor=actor, action="terms_withdrawn", object_type="terms", object_id=version.id)
    memory.announce()


def access_version(actor: Actor, version_id: UUID) -> Version:
    """Return a version for the caisse's administrators and auditors; anybody else gets ``NotFound``."""
    found = Version.objects.filter(id=version_id).first() if actor.roles & {"administrator", "auditor"} else None
    if found is None or not actor.is_desk:
        raise NotFound
    return found


def _check_texts(version: Version) -> None:
    complete = {text.language for text in version.texts.all() if text.is_complete}
    offered = configuration.get(current_caisse(), LanguagesSection).languages
    if missing := [language for language in offered if language not in complete]:
        raise TermsIncomplete(languages=", ".join(missing))
