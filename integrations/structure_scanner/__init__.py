"""The embedded scanner: looks at the structure of files, knows no viruses, and says so."""

from __future__ import annotations

from integrations.structure_scanner.scanner import StructureScanner

__all__ = ["StructureScanner"]
