"""A section as a form: its controls with values and faults."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Any

from django.utils.dates import MONTHS
from django.utils.translation import gettext

from core.configuration.choices import words_of
from core.configuration.sections import SUPPORTED_LANGUAGES
from core.web.console.images import KINDS, show_image
from core.web.console.shapes import Shape, shape_of
from core.web.languages import NATIVE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Control:
    """One input, or a group of them; ``path`` is its name in the form."""

    path: str
    label: str
    help: str
    shape: Shape
    value: Any = ""
    fault: str = ""
    children: tuple[Control, ...] = ()
    lang: str = ""
    new: bool = False
    words: Mapping[str, str] = dataclass_field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its id on the page."""
        return f"field-{self.path.replace('.', '-')}"

    @property
    def options(self) -> list[tuple[str, str]]:
        """Values to choose from, each with its words."""
        named = [(value, gettext(self.words.get(value, value))) for value in self.shape.options]
        # What is set but not known here any more stays chosen, so that saving says so and drops nothing.
        gone = self.shape.control == "choice" and self.value and str(self.value) not in self.shape.options
        return [*named, (str(self.value), str(self.value))] if gone else named

    @property
    def picked(self) -> list[str]:
        """Which of the options are chosen, in their order."""
        return str(self.value).splitlines() if self.shape.control == "picks" else []

    @property
    def picks(self) -> list[tuple[str, str]]:
        """Values to pick from with their words: first what is chosen, in its order, also what is not known any more."""
        values = dict.fromkeys([*self.picked, *self.shape.options])
        return [(value, gettext(self.words.get(value, value))) for value in values]

    @property
    def places(self) -> list[str]:
        """What is chosen for each place in an order, empty for the places that are left."""
        return [*self.picked, *[""] * (len(self.picks) - len(self.picked))]

    @property
    def day_and_month(self) -> tuple[str, str]:
        """Day and month of a day of every year, without leading noughts; empty where none is set."""
        month, _, day = str(self.value).partition("-")
        return day.lstrip("0"), month.lstrip("0")

    @property
    def days(self) -> list[str]:
        """The days that a month may have."""
        return [str(day) for day in range(1, 32)]

    @property
    def months(self) -> list[tuple[str, str]]:
        """The months with their names."""
        return [(str(number), str(name)) for number, name in MONTHS.items()]

    @property
    def described_by(self) -> str:
        """The ids of help and fault, for aria-describedby."""
        return " ".join(f"{self.id}-{part}" for part, there in (("help", self.help), ("fault", self.fault)) if there)

    @property
    def media(self) -> str:
        """Which files can be chosen, for what is an image."""
        return KINDS.get(self.shape.control, "")

    @property
    def picture(self) -> str:
        """The address of the image as it stands; nothing for one that was refused."""
        return show_image(self.shape.control, self.value) if self.media and self.value and not self.fault else ""

    def walk(self) -> Iterator[Control]:
        """Yield this control and all within."""
        yield self
        for child in self.children:
            yield from child.walk()


def build_form(model: type[BaseModel], value: Mapping[str, Any], faults: Mapping[str, str]) -> tuple[Control, ...]:
    """Return the controls of a section (or of a model within one) in the order of its fields."""
    return _controls(model, value, faults, "")


def _controls(
    model: type[BaseModel], value: Mapping[str, Any], faults: Mapping[str, str], prefix: str, *, new: bool = False
) -> tuple[Control, ...]:
    found = []
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        label, help_text = gettext(field.title or name.replace("_", " ").capitalize()), field.description
        shape = shape_of(field)
        given = value.get(name)
        found.append(
            Control(
                path,
                label,
                gettext(help_text) if help_text else "",
                shape,
                _text(shape, given),
                _fault(path, given, faults),
                _children(shape, given, faults, path),
                new=new,
                words=words_of(field),
            )
        )
    return tuple(found)


def _fault(path: str, given: Any, faults: Mapping[str, str]) -> str:
    """Return what is wrong with an entry; of a list without controls of their own for its parts, with each of them."""
    parts = enumerate(given) if isinstance(given, (list, tuple)) else ()
    plain = [(number, one) for number, one in parts if not isinstance(one, dict)]
    told = [f"{one}: {faults[place]}" for number, one in plain if (place := f"{path}.{number}") in faults]
    return " ".join(filter(None, [faults.get(path, ""), *told]))


def _text(shape: Shape, given: Any) -> Any:
    if shape.control == "check":
        return bool(given)
    if shape.control in {"lines", "picks"}:
        return "\n".join(str(one) for one in given or ())
    return "" if given is None or isinstance(given, (dict, list, tuple)) else str(given)


def _children(shape: Shape, given: Any, faults: Mapping[str, str], path: str) -> tuple[Control, ...]:
    if shape.control == "words":
        inner = shape.inner or Shape("line")
        words = given or {}
        return tuple(
            Control(
                f"{path}.{code}",
                NATIVE_NAMES[code],
                "",
                inner,
                words.get(code, ""),
                faults.get(f"{path}.{code}", ""),
                lang=code,
            )
            for code in SUPPORTED_LANGUAGES
        )
    if shape.control == "group" and shape.model:
        return _controls(shape.model, given or {}, faults, f"{path}.")
    if shape.control == "rows" and shape.model:
        model = shape.model
        return tuple(_row(model, one, faults, f"{path}.{number}") for number, one in enumerate([*(given or ()), None]))
    return ()


def _row(model: type[BaseModel], given: Any, faults: Mapping[str, str], path: str) -> Control:
    new = given is None
    blank = {name: field.get_default(call_default_factory=True) for name, field in model.model_fields.items()}
    value = given or {name: one for name, one in blank.items() if isinstance(one, (str, int, bool))}
    children = _controls(model, value, faults, f"{path}.", new=new)
    label = gettext("New entry") if new else _name_of(children)
    return Control(path, label, "", Shape("group", model=model), "", faults.get(path, ""), children, new=new)


def _name_of(children: Sequence[Control]) -> str:
    """Return what an entry is called: its first text, or the words of its first choice."""
    return next(filter(None, map(_said, children)), "")[:60] or gettext("Entry")


def _said(control: Control) -> str:
    if control.shape.control == "words":
        return next((str(word.value) for word in control.children if word.value), "")
    return dict(control.options).get(control.value, control.value) if isinstance(control.value, str) else ""
