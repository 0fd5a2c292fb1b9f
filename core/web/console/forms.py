"""A section as a form: its controls with values and faults, and what was entered, read back."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.configuration.choices import words_of
from core.configuration.sections import SUPPORTED_LANGUAGES
from core.web.console.images import KINDS, read_image, show_image
from core.web.console.shapes import Shape, shape_of
from core.web.languages import NATIVE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict
    from pydantic import BaseModel

    Files = MultiValueDict[str, UploadedFile[bytes]]

SHOWN, REMOVE, FILE = "__shown", "__remove", "__file"


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
                faults.get(path, ""),
                _children(shape, given, faults, path),
                new=new,
                words=words_of(field),
            )
        )
    return tuple(found)


def _text(shape: Shape, given: Any) -> Any:
    if shape.control == "check":
        return bool(given)
    if shape.control == "lines":
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


def read_form(model: type[BaseModel], posted: QueryDict, files: Files, prefix: str = "") -> dict[str, Any]:
    """Return what was entered, in the JSON form that the section's model reads."""
    found = {}
    for name, field in model.model_fields.items():
        shape, path = shape_of(field), f"{prefix}{name}"
        is_image = shape.control in KINDS
        found[name] = _read_image(shape, posted, files, path) if is_image else _read(shape, posted, files, path)
    return found


def _read_image(shape: Shape, posted: QueryDict, files: Files, path: str) -> str:
    """Return the image that was chosen now, or the one that stood on the page unless it is to go."""
    chosen = files.get(f"{path}.{FILE}")
    if chosen is not None:
        return read_image(shape.control, chosen)
    return "" if f"{path}.{REMOVE}" in posted else _clean(posted.get(path, ""))


def _read(shape: Shape, posted: QueryDict, files: Files, path: str) -> Any:
    match shape.control:
        case "group" if shape.model:
            return read_form(shape.model, posted, files, f"{path}.")
        case "rows" if shape.model:
            return list(_read_rows(shape.model, posted, files, path))
        case "words":
            words = {code: _clean(posted.get(f"{path}.{code}", "")) for code in SUPPORTED_LANGUAGES}
            return {code: text for code, text in words.items() if text}
        case "lines":
            return [line.strip() for line in posted.get(path, "").splitlines() if line.strip()]
        case "check":
            return path in posted
    text = _clean(posted.get(path, ""))
    return None if not text and (not shape.required or shape.control in {"number", "date"}) else text


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _read_rows(model: type[BaseModel], posted: QueryDict, files: Files, path: str) -> Iterator[dict[str, Any]]:
    number = 0
    while f"{path}.{number}.{SHOWN}" in posted:
        row = f"{path}.{number}"
        entered = read_form(model, posted, files, f"{row}.")
        is_new = posted.get(f"{row}.{SHOWN}") == "new"
        if f"{row}.{REMOVE}" not in posted and not (is_new and _is_blank(model, entered)):
            yield entered
        number += 1


def _is_blank(model: type[BaseModel], entered: Mapping[str, Any]) -> bool:
    """Whether nothing was written into the empty row that each list offers; ticks and choices do not count."""
    for name, field in model.model_fields.items():
        if shape_of(field).control in {"check", "choice", "number"}:
            continue
        if entered.get(name) not in ("", None, [], {}):
            return False
    return True
