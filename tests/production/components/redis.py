"""Redis as Celery's broker."""

from __future__ import annotations

import secrets
from pathlib import Path

import redis

from tests.production.components.base import Component


class Redis(Component):
    """A server with a password and an append-only file."""

    packages = ("redis-server",)
    programs = ("redis-server",)

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.password = secrets.token_urlsafe(12)
        self.url = f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def launch(self) -> None:
        self.spawn(
            "redis-server", "--port", self.port, "--bind", "127.0.0.1", "--dir", self.folder, "--save", "",
            "--appendonly", "yes", "--requirepass", self.password,
        )  # fmt: skip

    def is_up(self) -> bool:
        client = redis.Redis.from_url(self.url)
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
        finally:
            client.close()

    @property
    def environment(self) -> dict[str, str]:
        return {"RELAIS_BROKER_URL": self.url}
