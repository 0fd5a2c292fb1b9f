"""Fixtures of the production tests, and the list of what could not be run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.journeys.walker import Walker
from tests.production.components.base import PATIENCE_SECONDS
from tests.production.components.certificates import fingerprint
from tests.production.components.clamd import Clamd
from tests.production.components.mailbox import Mailbox
from tests.production.components.nginx import DOMAIN, Nginx
from tests.production.components.platform import Platform
from tests.production.components.postgresql import Postgresql
from tests.production.components.radosgw import Radosgw
from tests.production.components.redis import Redis
from tests.production.components.sms_gateway import SmsGateway
from tests.production.components.stack import C, CannotRun, Stack, in_ci
from tests.production.running import manage, run
from tests.support import browser as browsers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.production.components.base import Component

_NOT_RUN: dict[str, str] = {}
_REPORT: list[str] = []


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The components of this run; nothing is started before a test needs it."""
    stack = Stack()
    stack.install()
    yield stack
    _REPORT.extend(stack.report())
    stack.stop()


def _need(stack: Stack, kind: type[Component]) -> Component:
    try:
        return stack.need(kind)
    except CannotRun as reason:
        _NOT_RUN[kind.__name__] = str(reason)
        if in_ci():
            pytest.fail(f"not run, and this is CI: {reason}")
        pytest.skip(str(reason))


@pytest.fixture
def postgresql(stack: Stack) -> Component:
    """PostgreSQL 15."""
    return _need(stack, Postgresql)


@pytest.fixture
def redis_server(stack: Stack) -> Component:
    """Redis."""
    return _need(stack, Redis)


@pytest.fixture
def radosgw(stack: Stack) -> Component:
    """Ceph's S3 gateway with a bucket."""
    return _need(stack, Radosgw)


@pytest.fixture
def clamd(stack: Stack) -> Component:
    """ClamAV's daemon."""
    return _need(stack, Clamd)


@pytest.fixture
def nginx(stack: Stack) -> Component:
    """nginx with TLS."""
    return _need(stack, Nginx)


@pytest.fixture
def mailbox(stack: Stack) -> Component:
    """An SMTP server that keeps what it receives."""
    return _need(stack, Mailbox)


@pytest.fixture
def sms_gateway(stack: Stack) -> Component:
    """An SMS gateway that keeps what it receives."""
    return _need(stack, SmsGateway)


@dataclass
class ProductionStack:
    """Every component, and the environment in which ``infra.settings.production`` starts."""

    stack: Stack
    environment: dict[str, str]

    def get(self, kind: type[C]) -> C:
        """Return one running component."""
        return self.stack.need(kind)


@pytest.fixture(scope="session")
def production_stack(stack: Stack) -> ProductionStack:
    """All components at once; what is missing is named, and in CI a failure."""
    try:
        return ProductionStack(stack, stack.environment())
    except CannotRun as reason:
        _NOT_RUN["the full circle"] = str(reason)
        if in_ci():
            pytest.fail(f"not run, and this is CI: {reason}")
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def platform_environment(production_stack: ProductionStack) -> dict[str, str]:
    """The environment of a platform that was set up on PostgreSQL 15, with the caisse ak26."""
    for arguments in (("platform", "init"), ("caisse", "create", "ak26", "--preset", "avs")):
        done = manage(production_stack.environment, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    return production_stack.environment


@dataclass
class RunningPlatform:
    """The platform's programs behind nginx; ``https://ak26.relais.test:PORT/`` reaches the caisse."""

    stack: ProductionStack
    nginx: Nginx
    programs: Platform


@pytest.fixture(scope="session")
def running_platform(
    production_stack: ProductionStack, platform_environment: dict[str, str]
) -> Iterator[RunningPlatform]:
    """Web, workers and scheduler on production's settings."""
    nginx = production_stack.get(Nginx)
    programs = Platform(production_stack.stack.home, platform_environment, nginx)
    programs.start()
    yield RunningPlatform(production_stack, nginx, programs)
    _REPORT.append(f"Platform answered after {programs.seconds_to_start:.1f} s")
    programs.stop()


@pytest.fixture(scope="session")
def people(running_platform: RunningPlatform, platform_environment: dict[str, str]) -> None:
    """The cast at ak26."""
    done = run(platform_environment, "-m", "tests.production.make_people", "ak26")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def walk(running_platform: RunningPlatform, people: None, tmp_path: Path) -> Iterator[Callable[[str], Walker]]:
    """Return a function that gives a new person at her browser; her codes come from the SMS gateway."""
    nginx, gateway = running_platform.nginx, running_platform.stack.get(SmsGateway)
    base = f"https://ak26.{DOMAIN}:{nginx.port}"

    def begin(language: str) -> Walker:
        walker = Walker(browser, base, lambda: [sms["text"] for sms in gateway.received], language, tmp_path)
        walker.page.context.set_default_timeout(PATIENCE_SECONDS * 1000)
        return walker

    if browsers.find(whole=True) is None:
        _NOT_RUN["the browser"] = "the full circle: no browser could be had"
    trusted = f"--ignore-certificate-errors-spki-list={fingerprint(nginx.certificate)}"
    with browsers.launched(f"--host-resolver-rules=MAP *.{DOMAIN} 127.0.0.1", trusted) as browser:
        yield begin


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what could not be run, and what the components took."""
    if _REPORT:
        terminalreporter.section("production components")
        for line in _REPORT:
            terminalreporter.write_line(line)
    if _NOT_RUN:
        terminalreporter.section("not run on this machine")
        for reason in _NOT_RUN.values():
            terminalreporter.write_line(reason)
