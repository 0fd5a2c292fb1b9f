"""Whether an error means that the database is away: pages and REST then ask for a moment's patience."""

from __future__ import annotations

import psycopg
from django.db import InterfaceError, OperationalError

from tenants.errors import PlatformNotReady

_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError, PlatformNotReady)


def is_database_away(error: BaseException | None) -> bool:
    """Tell a database that cannot be reached, or that broke off, from a fault of ours."""
    return isinstance(error, _AWAY)
