"""Setting up the platform: roles, the schema ``platform``, the template; repeatable at each deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from django.conf import settings
from psycopg import sql

from core.kernel.text import N_
from tenants import contents, migrating, owning, revisions, roles, template, views
from tenants.backend.base import EXEMPT_ALIAS
from tenants.naming import APP, OWNER, PLATFORM_SCHEMA, PROVISIONER

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.kernel.text import Text

    Progress = Callable[[Text], None]

_ALIASES = {APP: "default", PROVISIONER: EXEMPT_ALIAS}


def init_platform(*, admin_url: str = "", progress: Progress = lambda _text: None) -> bool:
    """Bring roles, platform schema and template up to this version; return whether all was there.

    ``admin_url`` is a superuser's address of this database; without it the roles must exist
    (``tenants.roles.prepare_database``). Two runs at once wait for each other.
    """
    if admin_url:
        progress(N_("roles"))
        _prepare(admin_url)
    with owning.waiting("relais platform"):
        progress(N_("platform tables"))
        _migrate_platform()
        progress(N_("template of a caisse"))
        _dump, made = template.ensure_template()
    return not made


def _prepare(admin_url: str) -> None:
    passwords = {
        role: str(settings.DATABASES[alias]["PASSWORD"])
        for role, alias in _ALIASES.items()
        if alias in settings.DATABASES and settings.DATABASES[alias].get("PASSWORD")
    }
    with psycopg.connect(admin_url, autocommit=True) as admin:
        roles.prepare_database(admin, passwords=passwords)


def _migrate_platform() -> None:
    with owning.owner_transaction() as connection:
        schema = sql.Identifier(PLATFORM_SCHEMA)
        connection.execute(
            sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(schema, sql.Identifier(OWNER))
        )
    migrating.migrate_schema(PLATFORM_SCHEMA, contents.platform_labels())
    with owning.owner_transaction() as connection:
        views.create_views(connection)
        roles.grant_platform(connection, append_only=contents.append_only(contents.platform_labels()))
        revisions.bump(revisions.HOSTS, using=EXEMPT_ALIAS)
