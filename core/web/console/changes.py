"""What saving would change, field by field, as an office worker reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.web.console.forms import build_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.configuration.registry import Section
    from core.web.console.forms import Control

Entry = tuple[str, str, bool]

LONGEST = 300
NOTHING: Entry = ("", "", False)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry before and after, in words."""

    label: str
    before: str
    after: str


def list_changes(before: Section, after: Section) -> list[Change]:
    """Return the entries that differ, in the order of the form."""
    olds, news = (_entries(one) for one in (before, after))
    paths = list(dict.fromkeys([*news, *olds]))
    changed = [(path, olds.get(path), news.get(path)) for path in paths if olds.get(path) != news.get(path)]
    return [Change((new or old or NOTHING)[0], _shown(old), _shown(new)) for _path, old, new in changed]


def _shown(entry: Entry | None) -> str:
    _label, text, is_image = entry or NOTHING
    if is_image:
        return gettext("an image of %(size)s KB") % {"size": max(1, round(len(text) / 1024))}
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _entries(section: Section) -> dict[str, Entry]:
    """Return label, value in words and whether that is an image, by path; only of what is filled in."""
    controls = build_form(type(section), section.model_dump(mode="json"), {})
    return {path: entry for control in controls for path, entry in _leaves(control, "")}


def _leaves(control: Control, above: str) -> Iterator[tuple[str, Entry]]:
    if control.new:
        return
    label = f"{above} › {control.label}" if above else control.label
    if control.children:
        for child in control.children:
            yield from _leaves(child, label)
    elif text := _text(control):
        yield control.path, (label, text, bool(control.media))


def _text(control: Control) -> str:
    if control.shape.control == "picks":
        return ", ".join(dict(control.picks)[one] for one in control.picked)
    if control.shape.control == "yearday" and control.value:
        day, month = control.day_and_month
        return f"{day}. {dict(control.months)[month]}"
    return dict(control.options).get(str(control.value)) or _words(control.value)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return ", ".join(str(value).splitlines()) if value not in ("", None) else ""
