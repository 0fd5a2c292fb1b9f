"""Notices and maintenance windows for all caisses: written and ended by operators, within a platform scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel import clock
from tenants import revisions
from tenants.errors import NoticeEnded, NoticeNotAllowed
from tenants.steering import KINDS, LEVELS, PlatformNotice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from core.kernel.actors import Actor

MAX_LENGTH = 1000


def build_notice(
    *,
    kind: str,
    level: str,
    texts: Mapping[str, str],
    begins_at: datetime,
    ends_at: datetime,
    shown_from: datetime | None = None,
) -> PlatformNotice:
    """Return a notice that is not stored yet, for a preview. Raises ``NoticeNotAllowed``."""
    told = {language: text.strip()[:MAX_LENGTH] for language, text in texts.items() if text.strip()}
    shown = min(shown_from or begins_at, begins_at)
    if kind not in KINDS or level not in LEVELS or not told or ends_at <= max(begins_at, clock.now()):
        raise NoticeNotAllowed
    return PlatformNotice(kind=kind, level=level, texts=told, shown_from=shown, begins_at=begins_at, ends_at=ends_at)


def publish_notice(*, actor: Actor, notice: PlatformNotice) -> PlatformNotice:
    """Show a notice on every page of every caisse, within a second on all processes."""
    notice.made_at, notice.made_by = clock.now(), actor.name[:200]
    notice.save(force_insert=True)
    revisions.bump(revisions.HOSTS)
    return notice


def end_notice(*, actor: Actor, notice_id: UUID) -> None:
    """Show a notice no longer; it stays in the history. Raises ``NoticeEnded``."""
    now = clock.now()
    standing = PlatformNotice.objects.filter(pk=notice_id, ended_at__isnull=True, ends_at__gt=now)
    if not standing.update(ended_at=now, ended_by=actor.name[:200]):
        raise NoticeEnded
    revisions.bump(revisions.HOSTS)
