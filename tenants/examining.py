"""What this room looks at in a caisse: its state, its tables' version, its role's rights, its walls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from core.kernel.text import N_
from tenants import contents, doctor, hosts
from tenants.doctor import Check, Finding
from tenants.models import Caisse, SchemaState
from tenants.portal import portal_url
from tenants.scope import platform_transaction, tenant_transaction

if TYPE_CHECKING:
    from tenants.reference import CaisseRef

_TABLES = """
SELECT c.relname,
       array_remove(ARRAY[
           CASE WHEN has_table_privilege(current_user, c.oid, 'SELECT') THEN 'SELECT' END,
           CASE WHEN has_table_privilege(current_user, c.oid, 'INSERT') THEN 'INSERT' END,
           CASE WHEN has_table_privilege(current_user, c.oid, 'UPDATE') THEN 'UPDATE' END,
           CASE WHEN has_table_privilege(current_user, c.oid, 'DELETE') THEN 'DELETE' END], NULL)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind IN ('r', 'p')
"""
# What a caisse's role could enter beside its own schema: other caisses' schemas, and the platform's.
_FOREIGN = """
SELECT count(*) FROM pg_namespace
WHERE (nspname LIKE 'c\\_%%' OR nspname LIKE 'tpl\\_%%') AND nspname <> %s
  AND has_schema_privilege(current_user, oid, 'USAGE')
"""
_EVERYTHING = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def register() -> None:
    """Add the checks of this room."""
    doctor.register(
        Check("state", N_("State"), _look_at_state, needs_schema=False),
        Check("migrations", N_("Version of the tables"), _look_at_version, needs_schema=False),
        Check("rights", N_("Rights of the role"), _look_at_rights),
        Check("isolation", N_("Walls between caisses"), _look_at_walls),
        Check("address", N_("Address"), _look_at_address, needs_schema=False),
    )


def is_current(caisse: CaisseRef) -> bool:
    """Whether the caisse's tables and rights are of this version; needs no rights but its own role's."""
    expected = [f"{app}.{name}" for app, name in contents.migrations_of(contents.caisse_labels())]
    with platform_transaction():
        stored = SchemaState.objects.filter(schema_name=caisse.schema).values_list("rights", flat=True).first()
    if stored != contents.rights_fingerprint():
        return False
    with tenant_transaction(caisse), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations WHERE app || '.' || name = ANY(%s)", [expected])
        row = cursor.fetchone()
    return row is not None and row[0] == len(expected)


def _look_at_state(caisse: CaisseRef) -> Finding:
    with platform_transaction():
        row = Caisse.objects.get(id=caisse.id)
    if row.state == Caisse.States.ACTIVE:
        return Finding("ok", N_("The portal is open."))
    if row.state == Caisse.States.SUSPENDED:
        advice = N_("Open it again: manage.py caisse resume %(slug)s")
        return Finding("bad", N_("The portal is closed."), advice, {"slug": row.slug})
    advice = N_("Finish it: manage.py caisse create %(slug)s")
    return Finding("bad", N_("The caisse is not complete."), advice, {"slug": row.slug})


def _look_at_version(caisse: CaisseRef) -> Finding:
    with platform_transaction():
        state = SchemaState.objects.filter(schema_name=caisse.schema).first()
    if state is not None and state.error:
        advice = N_("Mend what it says, then run: manage.py caisse migrate")
        return Finding("bad", N_("The last migration failed: %(error)s"), advice, {"error": state.error[:200]})
    if state is not None and is_current(caisse):
        return Finding("ok", N_("Up to date."))
    return Finding("bad", N_("The tables are of an earlier version."), N_("Run: manage.py caisse migrate"))


def _look_at_rights(caisse: CaisseRef) -> Finding:
    append_only, read_only = set(contents.append_only()), set(contents.READ_ONLY_TABLES)
    with tenant_transaction(caisse), connection.cursor() as cursor:
        cursor.execute(_TABLES, [caisse.schema])
        found = {name: set(rights) for name, rights in cursor.fetchall()}
    wrong = sorted(name for name, rights in found.items() if rights != _rights_of(name, append_only, read_only))
    if not wrong:
        return Finding("ok", N_("%(count)s tables, each with the rights it needs."), fields={"count": len(found)})
    fields: dict[str, str | int] = {"tables": ", ".join(wrong[:5]), "count": len(wrong)}
    advice = N_("Run: manage.py caisse migrate, which sets the rights anew.")
    return Finding("bad", N_("%(count)s tables have other rights than they need: %(tables)s."), advice, fields)


def _rights_of(table: str, append_only: set[str], read_only: set[str]) -> set[str]:
    if table in read_only:
        return {"SELECT"}
    return {"SELECT", "INSERT"} if table in append_only else _EVERYTHING


def _look_at_walls(caisse: CaisseRef) -> Finding:
    with tenant_transaction(caisse), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()
        cursor.execute(_FOREIGN, [caisse.schema])
        foreign = cursor.fetchone()
    if role != (caisse.role,):
        advice = N_("Stop the platform and look at the roles: manage.py platform init")
        return Finding("bad", N_("Queries do not run under the caisse's own role."), advice)
    if foreign != (0,):
        advice = N_("Take the rights away at once: REVOKE USAGE on the other schemas.")
        return Finding("bad", N_("The role could enter another caisse's tables."), advice)
    return Finding("ok", N_("Queries run under the caisse's own role, which sees no other caisse."))


def _look_at_address(caisse: CaisseRef) -> Finding:
    entry = hosts.get_entry(caisse)
    fields: dict[str, str | int] = {"address": f"{portal_url(caisse)}/", "count": len(entry.addresses)}
    return Finding("ok", N_("Links lead to %(address)s; %(count)s addresses in all."), fields=fields)
