"""Lists that higher rungs add to: steps of making a caisse, checks and place in the directory, commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Mapping

    from core.kernel.text import Text
    from tenants.models import TemplateDump
    from tenants.reference import CaisseRef


@dataclass(frozen=True, slots=True)
class Request:
    """What ``caisse create`` was asked for. ``options`` belongs to the rungs that registered."""

    slug: str
    name: str = ""
    hosts: tuple[tuple[str, str], ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listing:
    """How a caisse stands in the platform's directory, where people find it."""

    name: str
    number: str = ""
    postcode: str = ""
    town: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One caisse in the making. ``template`` was read before anything was made."""

    caisse: CaisseRef
    request: Request
    template: TemplateDump | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step may run again after a kill, so it must end in the same state then.

    It runs outside any scope and opens its own. ``name`` is stored; ``label`` is shown. One that
    ``notes_itself`` writes down in its own transaction that it is done. ``order`` places it among the
    registered ones, whoever registers first.
    """

    name: str
    label: Text
    run: Callable[[Job], None]
    notes_itself: bool = False
    order: int = 50


@dataclass(frozen=True, slots=True)
class PlatformCommand:
    """What ``manage.py platform NAME`` does; ``run`` is given the options and where to write lines."""

    name: str
    help: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Mapping[str, Any], Callable[[str], None]], None]


_steps: list[Step] = []
_checks: list[Callable[[Request], None]] = []
_slug_checks: list[Callable[[str], None]] = []
_opening_checks: list[Callable[[CaisseRef], None]] = []
_describers: list[Callable[[Request], Listing]] = []
_commands: list[PlatformCommand] = []


def register_step(step: Step) -> None:
    """Add a step after the schema exists and before the caisse becomes active."""
    _steps.append(step)


def register_check(check: Callable[[Request], None]) -> None:
    """Add a check that raises before anything is made."""
    _checks.append(check)


def registered_steps() -> list[Step]:
    """Return the steps of the higher rungs in the order in which they run."""
    return sorted(_steps, key=lambda step: step.order)


def check_request(request: Request) -> None:
    """Let every rung look at what was asked; each raises its own errors."""
    for check in _checks:
        check(request)


def register_describer(describer: Callable[[Request], Listing]) -> None:
    """Say how a new caisse will stand in the directory; whoever knows its configuration does."""
    _describers.append(describer)


def describe_request(request: Request) -> Listing:
    """Return how the caisse will stand in the directory; its slug is its name where nothing else is known."""
    for describer in _describers:
        return describer(request)
    return Listing(request.name or request.slug)


def register_platform_command(command: PlatformCommand) -> None:
    """Add a command below ``manage.py platform``."""
    _commands.append(command)


def registered_platform_commands() -> list[PlatformCommand]:
    """Return the commands of the higher rungs."""
    return list(_commands)


def register_slug_check(check: Callable[[str], None]) -> None:
    """Add a check that raises where a slug is kept from new caisses; it opens its own scope."""
    _slug_checks.append(check)


def check_slug_is_not_kept(slug: str) -> None:
    """Let every rung say whether a slug is kept from new caisses; each raises its own error."""
    for check in _slug_checks:
        check(slug)


def register_opening_check(check: Callable[[CaisseRef], None]) -> None:
    """Add a check that raises where a caisse must stay closed or open as it is; within a platform scope."""
    _opening_checks.append(check)


def check_may_change(caisse: CaisseRef) -> None:
    """Let every rung say whether a portal may be opened or closed now."""
    for check in _opening_checks:
        check(caisse)
