"""Growing numbers per topic, and the notice that tells every process about a change."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections

HOSTS = "hosts"
CHANNEL = "relais_platform"
_BUMP = """
    WITH bumped AS (
        INSERT INTO platform.tenants_revision AS r (topic, number) VALUES (%s, 1)
        ON CONFLICT (topic) DO UPDATE SET number = r.number + 1
        RETURNING number
    )
    SELECT pg_notify(%s, %s || ':' || number) FROM bumped
"""


def bump(topic: str, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Count a change of the topic and announce it, both when the transaction commits."""
    with connections[using].cursor() as cursor:
        cursor.execute(_BUMP, [topic, CHANNEL, topic])
