"""Examining caisses: each room registers what it can look at, and every finding says what to do.

A check runs outside any scope and opens its own; one that looks at a neighbour (mail, store) keeps
to that neighbour's own time limit. Whatever a check throws is itself a finding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import structlog
from django.utils.translation import gettext

from core.kernel.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tenants.reference import CaisseRef

Level = Literal["ok", "warning", "bad"]
log = structlog.get_logger(__name__)
_NOTHING = Text("")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw, and what to do about it; ``fields`` fill the placeholders of both texts."""

    level: Level
    seen: Text
    advice: Text = _NOTHING
    fields: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at in a caisse. ``needs_schema``: only where its tables are of this version."""

    code: str
    title: Text
    run: Callable[[CaisseRef], Finding]
    needs_schema: bool = True


@dataclass(frozen=True, slots=True)
class PlatformCheck:
    """One thing that all caisses share, looked at once."""

    code: str
    title: Text
    run: Callable[[], Finding]


@dataclass(frozen=True, slots=True)
class Result:
    """A finding in the reader's language; ``caisse`` is its slug, or empty for what all share."""

    caisse: str
    check: str
    title: str
    level: Level
    seen: str
    advice: str

    @property
    def ok(self) -> bool:
        """Whether nothing has to be done at once."""
        return self.level != "bad"


_checks: dict[str, Check] = {}
_platform_checks: dict[str, PlatformCheck] = {}
_FAILED = N_("The check itself failed: %(error)s.")
_FAILED_ADVICE = N_("Look into the log at this minute.")
_PASSED_OVER = N_("Not examined, since the tables are not of this version.")
_MIGRATE = N_("Run: manage.py caisse migrate")


def register(*checks: Check | PlatformCheck) -> None:
    """Add checks; a code may be used once."""
    for check in checks:
        known: dict[str, Any] = _checks if isinstance(check, Check) else _platform_checks
        if known.setdefault(check.code, check) != check:
            message = f"two checks have the code {check.code!r}"
            raise ValueError(message)


def list_codes() -> list[str]:
    """Return the codes of all checks, those of the platform last."""
    return [*_checks, *_platform_checks]


def examine_platform() -> list[Result]:
    """Look at what all caisses share."""
    return [_result("", check.code, check.title, _look(check.code, check.run)) for check in _platform_checks.values()]


def examine_caisse(caisse: CaisseRef, *, is_current: bool) -> list[Result]:
    """Look at one caisse; ``is_current`` tells whether its tables are of this version."""
    return list(_examine(caisse, _checks.values(), is_current=is_current))


def _examine(caisse: CaisseRef, checks: Iterable[Check], *, is_current: bool) -> Iterator[Result]:
    for check in checks:
        if check.needs_schema and not is_current:
            finding = Finding("warning", _PASSED_OVER, _MIGRATE)
        else:
            finding = _look(check.code, check.run, caisse)
        yield _result(caisse.slug, check.code, check.title, finding)


def _look(code: str, run: Callable[..., Finding], *arguments: Any) -> Finding:
    try:
        return run(*arguments)
    except Exception as error:  # noqa: BLE001 -- a check that fails is a finding, and the others still run
        log.warning("doctor_check_failed", check=code, error=type(error).__name__)
        return Finding("bad", _FAILED, _FAILED_ADVICE, {"error": type(error).__name__})


def _result(slug: str, code: str, title: Text, finding: Finding) -> Result:
    fields = dict(finding.fields)
    return Result(
        caisse=slug,
        check=code,
        title=gettext(title),
        level=finding.level,
        seen=_fill(finding.seen, fields),
        advice=_fill(finding.advice, fields),
    )


def _fill(text: Text, fields: dict[str, str | int]) -> str:
    return gettext(text) % fields if text else ""
