"""What the command ``caisse`` does with earlier and coming versions of a caisse's sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.configuration import history
from core.configuration.errors import SectionUnknown
from core.configuration.operations import OPERATOR, find_caisse
from core.configuration.registry import find_section, list_sections
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.configuration.registry import Section


def list_history(slug: str, key: str) -> list[dict[str, Any]]:
    """Return every version of a section, newest first, with what each changed."""
    kind = _section(key)
    with tenant_transaction(find_caisse(slug)):
        lines = history.list_history(kind)
    return [_shown(line) for line in lines]


def compare(slug: str, key: str, older: int, newer: int) -> list[str]:
    """Return in words what differs between two versions of a section."""
    kind = _section(key)
    with tenant_transaction(find_caisse(slug)):
        return history.compare_versions(kind, older, newer)


def restore(slug: str, key: str, version: int, reason: str) -> list[str]:
    """Let an earlier version hold again."""
    kind = _section(key)
    with tenant_transaction(find_caisse(slug)):
        return history.restore_version(actor=OPERATOR, kind=kind, version=version, reason=reason)


def cancel(slug: str, key: str, version: int, reason: str) -> None:
    """Cancel a change that is still to come."""
    kind = _section(key)
    with tenant_transaction(find_caisse(slug)):
        history.cancel_change(actor=OPERATOR, kind=kind, version=version, reason=reason)


def _section(key: str) -> type[Section]:
    kind = find_section(key)
    if kind is None:
        raise SectionUnknown(key=key, known=", ".join(one.key for one in list_sections()))
    return kind


def _shown(line: history.HistoryLine) -> dict[str, Any]:
    row = line.version
    return {
        "version": row.version,
        "state": line.state,
        "effective_from": row.effective_from.isoformat(),
        "made_at": row.made_at.isoformat(),
        "made_by": row.made_by_name,
        "reason": row.reason,
        "changes": list(line.changes),
        "cancelled_by": line.cancelled.made_by_name if line.cancelled else None,
    }
