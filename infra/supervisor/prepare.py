"""The database's way from nothing to a platform with its demo: cluster, roles, caisses, mail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infra.embedded import broker, local
from infra.supervisor.paths import DATA_DIR, PYTHON, ROOT
from infra.supervisor.progress import capture, run, step
from infra.supervisor.stamps import Stamp, digest

if TYPE_CHECKING:
    from infra.embedded.postgres import Cluster

DEMO_CAISSES = ("ak26", "ak99")
PRESET = "avs"
DEMO = ROOT / "infra" / "demo"
_SCHEMA_SOURCES = ("**/migrations/*.py", "tenants/**/*.py")


@dataclass
class Preparation:
    """Brings one cluster up to date; every step may be repeated."""

    cluster: Cluster

    def run(self) -> None:
        """Do what is not done yet."""
        self._start_cluster()
        self._provision_platform()
        self._fill_demo()

    def _start_cluster(self) -> None:
        if not self.cluster.is_made():
            with step("Creating the database cluster"):
                self.cluster.make()
        with step("Starting PostgreSQL"):
            self.cluster.start()
        self.cluster.ensure_database(self.cluster.local.database)
        with self.cluster.connect() as admin:
            broker.provision(admin, self.cluster.local.passwords[local.BROKER])

    def _stamp(self, name: str, *patterns: str) -> Stamp:
        made = Path(self.cluster.local.home) / "made"
        identity = f"{made} {made.stat().st_mtime_ns}"
        return Stamp(DATA_DIR / "stamps" / name, digest(*patterns, extra=[identity]))

    def _provision_platform(self) -> None:
        stamp = self._stamp("platform", *_SCHEMA_SOURCES)
        if not stamp.is_current():
            self._manage("Preparing roles, platform and template", "platform", "init")
            self._manage("Migrating the caisses", "caisse", "migrate")
            stamp.set()

    def _fill_demo(self) -> None:
        stamp = self._stamp("demo", *_SCHEMA_SOURCES, "infra/demo/**/*")
        if stamp.is_current():
            return
        known = self._list_caisses()
        for slug in DEMO_CAISSES:
            if slug not in known:
                self._create(slug)
        if DEMO.exists():
            self._manage("Filling the demo", "demo")
        stamp.set()

    def _create(self, slug: str) -> None:
        file = DEMO / f"{slug}.toml"
        options = ["--file", str(file)] if file.exists() else []
        self._manage(f"Creating the caisse {slug}", "caisse", "create", slug, "--preset", PRESET, *options)

    def _list_caisses(self) -> set[str]:
        command = [str(PYTHON), "manage.py", "caisse", "list", "--json"]
        listed = capture("Listing the caisses", *command, environment=self._environment())
        return {caisse["slug"] for caisse in json.loads(listed)}

    def _manage(self, text: str, *arguments: str) -> None:
        run(text, str(PYTHON), "manage.py", *arguments, environment=self._environment())

    def _environment(self) -> dict[str, str]:
        # Only these commands are given the superuser's address, and only while they run.
        return {"RELAIS_ADMIN_URL": self.cluster.local.url(local.ADMIN)}
