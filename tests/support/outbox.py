"""What left by mail, SMS or post, read from the embedded outbox in the order in which it was made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.outbox.services import drain

if TYPE_CHECKING:
    from tenants.scope import CaisseRef


def list_kept(kind: str, folder: Path | None = None) -> list[dict[str, Any]]:
    """Return every text of a kind, oldest first.

    Where the clock stands still all bear one moment, and a folder lists its files in no order: then their
    identifiers decide, which rise with the real time.
    """
    files = (folder or Path(settings.DEV_OUTBOX_FOLDER)).glob("*.json")
    kept = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return sorted((one for one in kept if one["kind"] == kind), key=lambda one: (one["at"], one["id"]))


def send_out(caisse: CaisseRef, kind: str = "mail") -> list[dict[str, Any]]:
    """Let all that is due leave; return every text of a kind so far, oldest first."""
    drain(caisse=caisse)
    return list_kept(kind)
