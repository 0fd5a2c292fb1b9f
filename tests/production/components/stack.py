"""The components of one run: installed when missing, started when first needed, stopped at the end."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from core.documents.evidence.keys import create_key_file
from tests.production.components import packages
from tests.production.components.base import Component
from tests.production.components.clamd import Clamd
from tests.production.components.mailbox import Mailbox
from tests.production.components.nginx import Nginx
from tests.production.components.postgresql import Postgresql
from tests.production.components.radosgw import Radosgw
from tests.production.components.redis import Redis
from tests.production.components.sms_gateway import SmsGateway

ALL: tuple[type[Component], ...] = (Postgresql, Redis, Radosgw, Clamd, Nginx, Mailbox, SmsGateway)
C = TypeVar("C", bound=Component)


class CannotRun(Exception):
    """This machine lacks a component and we may not install it."""


@dataclass
class Stack:
    """Everything that production needs around the platform."""

    home: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="relais-production-")))
    running: dict[type[Component], Component] = field(default_factory=dict)
    failures: dict[type[Component], str] = field(default_factory=dict)
    seconds_to_install: float = 0.0

    def __post_init__(self) -> None:
        self.home.chmod(0o711)  # PostgreSQL's account walks through it

    def install(self) -> None:
        """Install what is missing, all at once, where we may; repeatable."""
        missing = [package for kind in ALL if kind.missing_programs() for package in kind.packages]
        if missing and packages.can_install():
            try:
                self.seconds_to_install += packages.install(missing)
            except RuntimeError as error:
                self.failures |= {kind: str(error) for kind in ALL if kind.missing_programs()}

    def need(self, kind: type[C]) -> C:
        """Return a component that runs; raises :class:`CannotRun` where it is not to be had."""
        if kind not in self.running:
            missing = kind.missing_programs()
            if missing:
                reason = self.failures.get(
                    kind,
                    f"{', '.join(missing)} not installed; needs root, or: apt-get install {' '.join(kind.packages)}",
                )
                raise CannotRun(f"{kind.__name__}: {reason}")
            component = kind(self.home)
            component.start()
            self.running[kind] = component
        found = self.running[kind]
        assert isinstance(found, kind)
        return found

    def environment(self) -> dict[str, str]:
        """Start everything; return the variables that ``infra.settings.production`` reads."""
        variables = {
            "DJANGO_SETTINGS_MODULE": "infra.settings.production",
            "RELAIS_SECRET_KEY": secrets.token_urlsafe(48),
            "RELAIS_SIGNING_KEY_FILE": str(self._signing_keys()),
            "RELAIS_DATA": str(self.home / "data"),
        }
        for kind in ALL:
            variables |= self.need(kind).environment
        return variables

    def _signing_keys(self) -> Path:
        path = self.home / "signing" / "keys.json"
        create_key_file(path)
        return path

    def stop(self) -> None:
        """Stop everything and leave nothing behind."""
        for component in reversed(list(self.running.values())):
            component.stop()
        self.running.clear()
        shutil.rmtree(self.home, ignore_errors=True)

    def report(self) -> list[str]:
        """Return one line for each figure worth knowing."""
        lines = [
            f"{kind.__name__} answered after {found.seconds_to_start:.1f} s" for kind, found in self.running.items()
        ]
        if self.seconds_to_install:
            lines.insert(0, f"Debian packages installed in {self.seconds_to_install:.0f} s")
        return lines


def in_ci() -> bool:
    """Whether a test that cannot run counts as failed."""
    return os.environ.get("CI", "").lower() in {"true", "1"}
