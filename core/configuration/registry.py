"""The registry of sections: higher rungs add theirs, and checks of those that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django.utils.translation import gettext
from pydantic import BaseModel, ConfigDict

from core.configuration.choices import find_unknown
from core.kernel.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

GENERAL = N_("General")
APPEARANCE = N_("Appearance and languages")
OFFER = N_("Themes and messages")
CONTACT = N_("Contact and announcements")
PERIODS = N_("Deadlines and limits")
ACCESS = N_("Sign-in and security")
GROUPS = (GENERAL, APPEARANCE, OFFER, CONTACT, PERIODS, ACCESS)


class Part(BaseModel):
    """A block within a section: one theme, one announcement."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Section(BaseModel):
    """One block of the configuration.

    ``key`` is its name in the file, ``title`` and ``help`` its heading there and in the console, where
    ``group`` and ``order`` place it; ``console`` is false while nothing reads it. Each field's
    ``title`` is its label and its ``description`` its help; all of these are marked texts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    key: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str] = ""
    group: ClassVar[str] = GENERAL
    order: ClassVar[int] = 50
    console: ClassVar[bool] = True


class Refusal(ValueError):
    """Why a value cannot be: a marked text with named merge fields, translated for whoever reads it."""

    def __init__(self, msgid: Text, **params: Any) -> None:
        self.msgid, self.params = msgid, params
        super().__init__(msgid % params if params else msgid)

    @property
    def translated(self) -> str:
        """The reason in the active language."""
        text = gettext(self.msgid)
        return text % self.params if self.params else text


S = TypeVar("S", bound=Section)
_sections: dict[str, type[Section]] = {}
_checks: dict[str, list[Callable[[Section], Iterable[str]]]] = {}
_across: list[tuple[frozenset[str], Callable[[Mapping[str, Section]], Iterable[str]]]] = []


def register(section: type[S]) -> type[S]:
    """Add a section to the configuration; a key may be used once."""
    if _sections.get(section.key, section) is not section:
        message = f"section {section.key!r} is declared twice"
        raise ValueError(message)
    _sections[section.key] = section
    return section


def add_check(section: type[S], check: Callable[[S], Iterable[str]]) -> None:
    """Let a higher rung look at a section before it is applied; each text names key and reason.

    It is not asked about what is stored already.
    """
    _checks.setdefault(section.key, []).append(cast("Callable[[Section], Iterable[str]]", check))


def list_faults(section: Section) -> list[str]:
    """Return what the higher rungs have to say against a section; each text names key and reason."""
    own = [fault for check in _checks.get(section.key, []) for fault in check(section)]
    return [*find_unknown(section), *own]


def add_check_across(
    sections: Iterable[type[Section]], check: Callable[[Mapping[str, Section]], Iterable[str]]
) -> None:
    """Look at several sections together, once one of them changes; each text begins with ``[section] key:``.

    The check is given all sections as they will then be in force.
    """
    _across.append((frozenset(section.key for section in sections), check))


def list_faults_across(before: Mapping[str, Section], changed: Iterable[Section]) -> list[str]:
    """Return what cannot stand together once the changed sections hold beside what was in force before."""
    news = {section.key: section for section in changed}
    return list(_find_across({**before, **news}, set(news)))


def _find_across(sections: Mapping[str, Section], changed: set[str]) -> Iterator[str]:
    for keys, check in _across:
        if keys & changed:
            yield from check(sections)


def list_sections() -> list[type[Section]]:
    """Return all sections by group and order, as file, console and reference page show them."""
    return sorted(_sections.values(), key=_place)


def _place(section: type[Section]) -> tuple[int, int, str]:
    group = GROUPS.index(Text(section.group)) if section.group in GROUPS else len(GROUPS)
    return group, section.order, section.key


def find_section(key: str) -> type[Section] | None:
    """Return the section of a key."""
    return _sections.get(key)
