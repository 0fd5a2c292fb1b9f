"""Taking a caisse away: schema and role in one transaction, then its rows on the platform; repeatable."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import structlog
from django.db import models, transaction
from psycopg import sql
from psycopg.errors import DependentObjectsStillExist, LockNotAvailable

from tenants import contents, owning, revisions
from tenants.backend.base import EXEMPT_ALIAS
from tenants.errors import CaisseBusy
from tenants.models import Caisse, SchemaState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import psycopg

    from tenants.reference import CaisseRef

log = structlog.get_logger(__name__)
# A request that began before the portal closed may still hold its tables.
_LOCK_TIMEOUT = "5s"


def drop_schema(caisse: CaisseRef) -> None:
    """Drop everything that the caisse's schema holds, and its role. Raises ``CaisseBusy``."""
    with removing(caisse):
        pass


@contextmanager
def removing(caisse: CaisseRef) -> Iterator[None]:
    """Drop schema and role in the provisioner's transaction in which the block writes what belongs to it.

    Raises ``CaisseBusy`` while somebody still works in it.
    """
    schema, role = sql.Identifier(caisse.schema), sql.Identifier(caisse.role)
    with transaction.atomic(using=EXEMPT_ALIAS, durable=True):
        connection = owning.become_owner()
        connection.execute(sql.SQL("SET LOCAL lock_timeout TO {}").format(sql.Literal(_LOCK_TIMEOUT)))
        try:
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
        except LockNotAvailable as error:
            raise CaisseBusy(slug=caisse.slug) from error
        connection.execute("RESET ROLE; SET LOCAL search_path TO platform, public")
        _drop_role(connection, role)
        yield


def _drop_role(connection: psycopg.Connection[Any], role: sql.Identifier) -> None:
    """Drop the role, unless another database of the same server (a restored copy) needs it: it may never log in."""
    try:
        with connection.transaction():
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))
    except DependentObjectsStillExist:
        log.warning("role_kept_by_other_database")


def drop_rows(caisse: CaisseRef, *, keep: Iterable[str]) -> None:
    """Delete the caisse's rows from the platform's tables but those named, and announce it.

    Within the provisioner's transaction, so that what is written beside it commits with it.
    """
    kept = set(keep)
    for model in list_models_of_caisses():
        if model._meta.db_table not in kept:
            # Rows only: none of these tables has anything that hangs on a row but the caisse itself.
            rows = model._default_manager.using(EXEMPT_ALIAS).filter(caisse_id=caisse.id)
            rows._raw_delete(EXEMPT_ALIAS)
    SchemaState.objects.using(EXEMPT_ALIAS).filter(schema_name=caisse.schema).delete()
    Caisse.objects.using(EXEMPT_ALIAS).filter(pk=caisse.id)._raw_delete(EXEMPT_ALIAS)
    revisions.bump(revisions.HOSTS, using=EXEMPT_ALIAS)


def list_models_of_caisses() -> list[type[models.Model]]:
    """Return the models of the platform's tables whose rows belong to one caisse each."""
    found = contents.models_of(contents.platform_labels())
    return [one for one in found if one is not Caisse and _has_caisse(one)]


def _has_caisse(model: type[models.Model]) -> bool:
    return any(one.attname == "caisse_id" for one in model._meta.local_concrete_fields)
