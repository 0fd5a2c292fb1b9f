"""The connection: outside a scope every query raises; a scope begins already confined.

Only the alias ``provisioner`` (commands and the provisioning worker, never through a pooler) may
query freely; it keeps django-tenants' own way of choosing a schema.

Safe behind a pooler in transaction mode: nothing is ever set for the session, statements are not
prepared (``prepare_threshold`` stays None), named cursors live inside their transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.introspection import DatabaseIntrospection
from django.utils.functional import cached_property
from django_tenants.postgresql_backend import base as tenants_base
from psycopg.pq import ConnStatus, ExecStatus

from tenants.errors import ScopeConflict, ScopeMissing
from tenants.naming import EXTENSIONS_SCHEMA

if TYPE_CHECKING:
    from tenants.backend.bounds import Bounds

EXEMPT_ALIAS = "provisioner"
_MISSING = "No scope is open: use tenant_transaction(caisse) or platform_transaction()."


class DatabaseWrapper(tenants_base.DatabaseWrapper):  # type: ignore[misc]  # untyped library
    """One connection of one thread. ``bounds`` is the open scope; ``armed`` the one to open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.exempt = True  # while the library initialises itself
        self.bounds: Bounds | None = None
        self.armed: Bounds | None = None
        super().__init__(*args, **kwargs)
        self.exempt = self.alias == EXEMPT_ALIAS
        if not self.exempt:
            # The library's own introspection sets the search path for the session.
            self.introspection = DatabaseIntrospection(self)
            if "isolation_level" in self.settings_dict["OPTIONS"]:
                message = "tenants.backend begins its own transactions: no isolation_level."
                raise ImproperlyConfigured(message)

    @cached_property
    def pg_version(self) -> int:
        """The server's version, known from the handshake, without a query."""
        self.ensure_connection()
        return int(self.connection.info.server_version)

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:  # noqa: FBT001, FBT002 -- the library's signature
        """Choose a schema for the session; only for the alias that is exempt."""
        if not self.exempt:
            raise ScopeConflict(_MISSING)
        super().set_tenant(tenant, include_public)

    def close_if_health_check_failed(self) -> None:
        """Do nothing in a scope's connection: beginning it finds out, without a query."""
        if self.exempt:
            super().close_if_health_check_failed()

    def _cursor(self, name: str | None = None) -> Any:
        if self.exempt:
            return super()._cursor(name)  # sets the search path
        if self.bounds is None:
            raise ScopeMissing(_MISSING)
        return super(tenants_base.DatabaseWrapper, self)._cursor(name)

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self.search_path_set_schemas is None:
            super()._handle_search_path(cursor)

    def _get_cursor_search_paths(self) -> list[str]:
        return [self.schema_name, EXTENSIONS_SCHEMA]

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001 -- Django's signature
        if self.exempt:
            super()._set_autocommit(autocommit)
        elif autocommit:
            # Before commit hooks run: they may open scopes of their own.
            self.bounds = None
            super()._set_autocommit(autocommit)
        elif self.armed is None:
            raise ScopeMissing(_MISSING)
        else:
            self._begin(self.armed)

    def _begin(self, bounds: Bounds) -> None:
        """Begin and confine in one round trip; replace a connection that went stale meanwhile."""
        with self.wrap_database_errors:
            try:
                self._send_begin(bounds)
            except psycopg.Error:
                stale = self.connection.pgconn.status == ConnStatus.BAD
                self.close()
                if not stale:
                    raise
                self.connect()
                self._send_begin(bounds)
        self.bounds = bounds

    def _send_begin(self, bounds: Bounds) -> None:
        # psycopg itself would send BEGIN as a round trip of its own before the first statement.
        self.connection.autocommit = False
        result = self.connection.pgconn.exec_(f"BEGIN;{bounds.statement}".encode())
        if result.status != ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result)

    def _savepoint_rollback(self, sid: str) -> None:
        if self.bounds is None:
            super()._savepoint_rollback(sid)
            return
        with self.cursor() as cursor:
            cursor.execute(f"{self.ops.savepoint_rollback_sql(sid)};{self.bounds.statement}")
