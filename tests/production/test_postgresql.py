"""PostgreSQL 15: what the platform asks of it is there."""

from __future__ import annotations

import psycopg
import pytest


def test_version_is_fifteen_and_needs_a_password(postgresql):
    with psycopg.connect(postgresql.url("postgres")) as session:
        assert session.info.server_version // 10_000 == 15
    with_wrong = postgresql.url("postgres").replace(postgresql.passwords["postgres"], "wrong")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(with_wrong, connect_timeout=60)


def test_extensions_of_the_platform_are_to_be_had(postgresql):
    with psycopg.connect(postgresql.url("postgres")) as session:
        found = {row[0] for row in session.execute("SELECT name FROM pg_available_extensions")}
    assert {"pg_trgm", "unaccent", "btree_gist"} <= found
