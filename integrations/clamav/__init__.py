"""Virus scanning by clamd."""

from __future__ import annotations

from integrations.clamav.scanner import ClamavScanner

__all__ = ["ClamavScanner"]
