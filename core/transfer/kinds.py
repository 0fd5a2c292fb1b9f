"""The names of this room's jobs."""

from __future__ import annotations

EXPORT, IMPORT, DELETE, DISCARD = "export", "import", "delete", "discard"
