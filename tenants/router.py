"""Which app's tables live in which schema; only the provisioner migrates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.conf import settings
from django.db import connections

from tenants.backend.base import EXEMPT_ALIAS
from tenants.naming import PLATFORM_SCHEMA

if TYPE_CHECKING:
    from tenants.backend.base import DatabaseWrapper


def labels_of(names: list[str]) -> frozenset[str]:
    """Return the labels of the apps that are listed by name."""
    return frozenset(one.label for one in apps.get_app_configs() if one.name in names)


class SchemaRouter:
    """``SHARED_APPS`` in the schema ``platform``, ``TENANT_APPS`` in each caisse's."""

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        """Whether the app's tables belong into the schema that the connection has chosen."""
        if db != EXEMPT_ALIAS:
            return False
        on_platform = cast("DatabaseWrapper", connections[db]).schema_name == PLATFORM_SCHEMA
        names = settings.SHARED_APPS if on_platform else settings.TENANT_APPS
        return app_label in labels_of(names)
