"""Django's entry for the audit room."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Audit entries of a caisse."""

    name = "core.audit"
    label = "core_audit"
