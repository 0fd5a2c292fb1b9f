"""The template: one migrated schema, dumped once per version of the code, replayed per caisse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from psycopg import sql

from core.kernel import clock
from tenants import contents, dumping, migrating, owning
from tenants.backend.base import EXEMPT_ALIAS
from tenants.errors import PlatformNotReady
from tenants.models import TemplateDump
from tenants.naming import TEMPLATE_PREFIX

if TYPE_CHECKING:
    import psycopg


def ensure_template() -> tuple[TemplateDump, bool]:
    """Return the dump for this version of the code, and whether it was made just now."""
    fingerprint = contents.fingerprint()
    known = TemplateDump.objects.using(EXEMPT_ALIAS).filter(pk=fingerprint).first()
    return (known, False) if known else (_make(fingerprint), True)


def get_dump() -> TemplateDump:
    """Return the dump for this version of the code. Raises ``PlatformNotReady``."""
    known = TemplateDump.objects.using(EXEMPT_ALIAS).filter(pk=contents.fingerprint()).first()
    if known is None:
        raise PlatformNotReady
    return known


def _make(fingerprint: str) -> TemplateDump:
    schema = f"{TEMPLATE_PREFIX}{fingerprint[:12]}"
    _drop_templates()
    with owning.owner_transaction() as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    migrating.migrate_schema(schema, contents.caisse_labels())
    dump = TemplateDump(
        fingerprint=fingerprint,
        placeholder=schema,
        text=";\n".join(dumping.split_statements(dumping.dump_schema(schema))),
        made_at=clock.now(),
    )
    TemplateDump.objects.using(EXEMPT_ALIAS).exclude(pk=fingerprint).delete()
    dump.save(using=EXEMPT_ALIAS)
    return dump


def _drop_templates() -> None:
    with owning.owner_transaction() as connection:
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", [TEMPLATE_PREFIX])
        for (name,) in found.fetchall():
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


def replay(connection: psycopg.Connection[Any], dump: TemplateDump, schema: str, *, then: sql.Composed) -> None:
    """Make a schema from the dump and run what belongs to it, within the caller's transaction and role.

    One round trip, or statement by statement (setting ``REPLAY_BY_STATEMENT``) where the server
    must see each alone, as Citus does.
    """
    text = f"{dump.text.replace(dump.placeholder, schema)};\n{then.as_string(connection)}"
    if not getattr(settings, "REPLAY_BY_STATEMENT", False):
        connection.execute(text)
        return
    for statement in dumping.split_statements(text):
        connection.execute(statement)
