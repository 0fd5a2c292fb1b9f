"""What operators do to a caisse and to all of them: each act in its scope, with its entry in the platform's audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.text import N_
from core.operator.audit import name_actions, name_details, record_act
from core.web.console.usage import LABELS
from tenants import notices, quotas, services
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from core.kernel.actors import Actor
    from tenants.reference import CaisseRef
    from tenants.steering import PlatformNotice

name_actions(
    {
        "caisse_suspended": N_("Caisse suspended"),
        "caisse_resumed": N_("Caisse opened again"),
        "quotas_changed": N_("Limits of a caisse changed"),
        "notice_published": N_("Notice for all caisses published"),
        "notice_ended": N_("Notice for all caisses ended"),
        "usage_exported": N_("Usage exported"),
        "caisses_exported": N_("List of caisses exported"),
    }
)
name_details({name: label for name, (label, _help) in LABELS.items()} | {"storage_bytes": N_("Storage, in bytes")})


def suspend_caisse(
    *, actor: Actor, caisse: CaisseRef, reason: str, texts: Mapping[str, str], until: datetime | None
) -> None:
    """Close a caisse. Raises what ``tenants.services.suspend_caisse`` does."""
    with platform_transaction():
        services.suspend_caisse(actor=actor, caisse=caisse, reason=reason, texts=texts, until=until)
        data = {"reason": reason[:200], "until": until.isoformat() if until else ""}
        record_act(actor=actor, action="caisse_suspended", caisse=caisse, data=data)


def resume_caisse(*, actor: Actor, caisse: CaisseRef) -> None:
    """Open a caisse again."""
    with platform_transaction():
        services.resume_caisse(actor=actor, caisse=caisse)
        record_act(actor=actor, action="caisse_resumed", caisse=caisse)


def resume_due(*, actor: Actor) -> int:
    """Open the caisses whose suspension has run out; return how many. Repeatable."""
    with platform_transaction():
        opened = services.resume_due(actor=actor)
        for caisse in opened:
            record_act(actor=actor, action="caisse_resumed", caisse=caisse)
    return len(opened)


def set_quotas(*, actor: Actor, caisse: CaisseRef, limits: Mapping[str, int | None]) -> int:
    """Set a caisse's own limits; return how many changed. Raises ``QuotaNotAllowed``."""
    with platform_transaction():
        changed = quotas.set_quotas(actor=actor, caisse=caisse, limits=limits)
        if changed:
            said = {name: f"{before} > {after}" for name, (before, after) in changed.items()}
            record_act(actor=actor, action="quotas_changed", caisse=caisse, data=said)
    return len(changed)


def publish_notice(*, actor: Actor, notice: PlatformNotice) -> PlatformNotice:
    """Show a notice on every page of every caisse."""
    with platform_transaction():
        published = notices.publish_notice(actor=actor, notice=notice)
        data = {"notice": str(published.id), "kind": published.kind, "level": published.level}
        record_act(actor=actor, action="notice_published", data=data)
    return published


def end_notice(*, actor: Actor, notice_id: UUID) -> None:
    """Show a notice no longer. Raises ``NoticeEnded``."""
    with platform_transaction():
        notices.end_notice(actor=actor, notice_id=notice_id)
        record_act(actor=actor, action="notice_ended", data={"notice": str(notice_id)})


def note_export(*, actor: Actor, action: str, caisse: CaisseRef | None = None) -> None:
    """Record that figures left the console."""
    with platform_transaction():
        record_act(actor=actor, action=action, caisse=caisse)
