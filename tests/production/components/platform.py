"""The platform's own programs on production's settings: the web behind nginx, workers, scheduler."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import redis

from infra.queues import QUEUES
from infra.supervisor import programs
from tests.production.components.base import Component

if TYPE_CHECKING:
    from tests.production.components.nginx import Nginx

ROOT = Path(__file__).parents[3]
# Only commands are given these two.
_WITHHELD = {"RELAIS_PROVISIONER_URL", "RELAIS_ADMIN_URL"}


class Platform(Component):
    """The same programs that ``make run`` starts, the web on nginx's upstream port."""

    def __init__(self, home: Path, environment: dict[str, str], nginx: Nginx) -> None:
        super().__init__(home)
        self.port = nginx.upstream_port
        self.variables = {name: value for name, value in environment.items() if name not in _WITHHELD}

    def identity(self) -> dict[str, object]:
        return {"env": {**super().identity()["env"], **self.variables}, "cwd": ROOT}

    def is_up(self) -> bool:
        """Whether the web answers and every worker waits for work: a code by SMS is waited for by a person."""
        return super().is_up() and self._count_waiting_workers() >= len(QUEUES)

    def _count_waiting_workers(self) -> int:
        with redis.Redis.from_url(self.variables["RELAIS_BROKER_URL"]) as client:
            return sum(one["cmd"] == "brpop" for one in client.client_list())

    def launch(self) -> None:
        for program in programs.list_programs("127.0.0.1", self.port):
            if program.role != "provisioner":  # it needs what is withheld here
                self.spawn(*program.command)
