"""One section put by a program: read, held against the rules, compared in words, applied at once or from a day on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext
from pydantic import ValidationError

from core.configuration import configuration
from core.configuration.differences import describe_differences
from core.configuration.keeping import settle_secrets
from core.configuration.registry import Refusal, list_faults, list_faults_across
from core.configuration.sections import LocaleSection
from core.configuration.services import change_sections
from core.kernel import clock
from core.kernel.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.configuration.registry import Section
    from core.kernel.actors import Actor

_PLACE = re.compile(r"(?:\[\w+\] )?(?P<path>[a-z_]+(?:\.\w+)*): (?P<reason>.+)", re.DOTALL)


class SectionInvalid(InvalidInput):
    """Some entries cannot be; each is named with its reason. Nothing was changed."""

    code = "configuration_invalid"


@dataclass(frozen=True, slots=True)
class Put:
    """What putting a section did, or would do: the changes in words, and from when they hold."""

    changes: tuple[str, ...]
    begins: datetime | None
    version: int
    applied: bool


def put_section(
    *,
    actor: Actor,
    kind: type[Section],
    value: Mapping[str, Any],
    expected: int,
    begins: date | None = None,
    reason: str = "",
    dry_run: bool = False,
) -> Put:
    """Let a section hold from now or from a day where the caisse is, or say what that would change.

    ``expected`` is the version that its reader saw. Within the caisse's scope; repeating it changes nothing.
    Raises ``configuration_invalid`` with every place and reason, and ``conflict`` where another version holds then.
    """
    now = configuration.read()
    begin = _begin_of(begins, cast("LocaleSection", now.sections[LocaleSection.key]))
    before = configuration.read_at(begin) if begin else now
    if before.versions.get(kind.key, 0) != expected:
        raise Conflict
    section = settle_secrets(actor, read_section(kind, value, before.sections), before.sections)
    with translation.override("en"):
        changes = tuple(describe_differences(before.sections, [section]))
    changed: list[str] = []
    if not dry_run:
        changed = change_sections(
            actor=actor, sections=[section], reason=reason, effective_from=begin, expected={kind.key: expected}
        )
    after = configuration.read_at(begin or clock.now())
    return Put(changes, begin, after.versions.get(kind.key, 0), applied=bool(changed))


def _begin_of(day: date | None, locale: LocaleSection) -> datetime | None:
    begin = datetime.combine(day, time(), ZoneInfo(locale.time_zone)) if day else None
    return begin if begin and begin > clock.now() else None


def read_section(kind: type[Section], value: Mapping[str, Any], among: Mapping[str, Section]) -> Section:
    """Return the section that a value describes; raises ``configuration_invalid`` with every place and reason."""
    try:
        section = kind.model_validate(dict(value))
    except ValidationError as error:
        raise SectionInvalid(faults=[_describe(one) for one in error.errors(include_url=False)]) from None
    if found := [*list_faults(section), *list_faults_across(among, [section])]:
        raise SectionInvalid(faults=list(_split(found)))
    return section


def _describe(error: Any) -> dict[str, str]:
    cause = (error.get("ctx") or {}).get("error")
    reason = cause.translated if isinstance(cause, Refusal) else error["msg"]
    return {"field": ".".join(map(str, error["loc"])), "code": error["type"], "reason": reason}


def _split(faults: Iterable[str]) -> Iterable[dict[str, str]]:
    for fault in faults:
        place = _PLACE.fullmatch(gettext(fault))
        path, reason = (place["path"], place["reason"]) if place else ("", gettext(fault))
        yield {"field": path, "code": "refused", "reason": reason}
