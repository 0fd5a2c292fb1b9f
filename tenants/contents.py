"""What a caisse's schema consists of: its apps, models, migrations, and the rights per table."""

from __future__ import annotations

import hashlib
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from tenants.append_only import append_only_tables
from tenants.router import labels_of

if TYPE_CHECKING:
    from django.db import models

MigrationKey = tuple[str, str]

# What Django writes while migrating and no request may change.
READ_ONLY_TABLES = ("django_content_type", "django_migrations")


def caisse_labels() -> frozenset[str]:
    """Return the labels of the apps whose tables live in each caisse's schema."""
    return labels_of(settings.TENANT_APPS)


def platform_labels() -> frozenset[str]:
    """Return the labels of the apps whose tables live in ``platform``."""
    return labels_of(settings.SHARED_APPS)


def models_of(labels: frozenset[str]) -> list[type[models.Model]]:
    """Return the models with a table, many-to-many tables included."""
    found = apps.get_models(include_auto_created=True)
    return [one for one in found if one._meta.app_label in labels and one._meta.managed]


def append_only(labels: frozenset[str] | None = None) -> list[str]:
    """Return the tables that a role may only read and add to, of a caisse unless other apps are named."""
    return append_only_tables(models_of(labels or caisse_labels()))


@cache
def migrations_of(labels: frozenset[str]) -> tuple[MigrationKey, ...]:
    """Return every migration on disk of the apps, sorted."""
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    return tuple(sorted((str(app), str(name)) for app, name in graph.nodes if app in labels))


def content_type_id(app_label: str, model_name: str | None) -> int:
    """Return the id of a content type: from its name, so that it is equal in all caisses.

    Therefore Django's process-wide memory of content types holds nothing of one caisse, and needs
    no clearing between requests. Collisions stop the start (``tenants.checks``).
    """
    return zlib.crc32(f"{app_label}.{model_name}".encode()) & 0x7FFF_FFFF


@cache
def fingerprint() -> str:
    """Return what identifies a caisse's empty schema: migrations, models, rights."""
    digest = hashlib.sha256()
    for name in migrations_of(caisse_labels()):
        digest.update(f"{name}\n".encode())
    for path in _migration_files():
        digest.update(path.read_bytes())
    digest.update(rights_fingerprint().encode())
    for model in models_of(caisse_labels()):
        digest.update(f"{model._meta.label_lower}\n".encode())
    return digest.hexdigest()


@cache
def rights() -> dict[str, tuple[str, ...]]:
    """Return what a caisse's role may do, and with which tables; each table stands once."""
    added_to = sorted(append_only())
    others = {one._meta.db_table for one in models_of(caisse_labels())} - {*READ_ONLY_TABLES, *added_to}
    return {
        "SELECT, INSERT, UPDATE, DELETE": tuple(sorted(others)),
        "SELECT, INSERT": tuple(added_to),
        "SELECT": READ_ONLY_TABLES,
    }


@cache
def rights_fingerprint() -> str:
    """Return what identifies the rights that a caisse's role was given."""
    text = ";".join(f"{given}: {', '.join(tables)}" for given, tables in rights().items())
    return hashlib.sha256(text.encode()).hexdigest()


def _migration_files() -> list[Path]:
    labels = caisse_labels()
    folders = [Path(one.path) / "migrations" for one in apps.get_app_configs() if one.label in labels]
    return [path for folder in sorted(folders) for path in sorted(folder.glob("*.py"))]
