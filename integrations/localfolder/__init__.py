"""Documents in a folder of this machine: the embedded default's store."""

from __future__ import annotations

from integrations.localfolder.store import LocalFolderStore

__all__ = ["LocalFolderStore"]
