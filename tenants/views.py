"""The named views of ``platform`` that a caisse's role may read; the list is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from tenants.naming import CAISSES_ROLE, PLATFORM_SCHEMA

if TYPE_CHECKING:
    import psycopg

# A view runs with its owner's rights, so each one must filter by the role that reads it.
PLATFORM_VIEWS = {
    "own_addresses": """
        SELECT host, path_prefix, is_primary
        FROM platform.tenants_host
        WHERE 'relais_c_' || caisse_id = current_user
    """,
    "own_address_checks": """
        SELECT host, path_prefix, outcome, details, certificate_ends_at, checked_at
        FROM platform.tenants_hostcheck
        WHERE 'relais_c_' || caisse_id = current_user
    """,
    "own_caisse": """
        SELECT id, slug, name, state, created_at
        FROM platform.tenants_caisse
        WHERE 'relais_c_' || id = current_user
    """,
}


def create_views(connection: psycopg.Connection) -> None:
    """Make the views anew and open them to every caisse's role. As owner; repeatable."""
    platform, caisses = sql.Identifier(PLATFORM_SCHEMA), sql.Identifier(CAISSES_ROLE)
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(platform, caisses))
    for name, query in PLATFORM_VIEWS.items():
        view = sql.Identifier(PLATFORM_SCHEMA, name)
        connection.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(view))
        connection.execute(sql.SQL("CREATE VIEW {} AS {}").format(view, sql.SQL(query)))
        connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(view, caisses))
