"""What was entered in a section's form, read back in the JSON form that the section's model reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.configuration.sections import SUPPORTED_LANGUAGES
from core.web.console.images import read_image
from core.web.console.shapes import Shape, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, QueryDict
    from django.utils.datastructures import MultiValueDict
    from pydantic import BaseModel

SHOWN, REMOVE, FILE = "__shown", "__remove", "__file"


@dataclass(frozen=True, slots=True)
class _Entered:
    """What the browser sent: entries, and the files that were chosen."""

    posted: QueryDict
    files: MultiValueDict[str, UploadedFile[bytes]]

    def clean(self, path: str) -> str:
        return self.posted.get(path, "").replace("\r\n", "\n").strip()


def read_form(model: type[BaseModel], request: HttpRequest) -> dict[str, Any]:
    """Return what was entered into the form of a section; whether it is right, the section says."""
    return _read_model(model, _Entered(request.POST, request.FILES), "")


def _read_model(model: type[BaseModel], entered: _Entered, prefix: str) -> dict[str, Any]:
    return {name: _read(shape_of(field), entered, f"{prefix}{name}") for name, field in model.model_fields.items()}


def _read(shape: Shape, entered: _Entered, path: str) -> Any:
    return _READERS.get(shape.control, _read_line)(shape, entered, path)


def _read_line(shape: Shape, entered: _Entered, path: str) -> str | None:
    text = entered.clean(path)
    return None if not text and (not shape.required or shape.control in {"number", "date"}) else text


def _read_check(_shape: Shape, entered: _Entered, path: str) -> bool:
    return path in entered.posted


def _read_words(_shape: Shape, entered: _Entered, path: str) -> dict[str, str]:
    words = {code: entered.clean(f"{path}.{code}") for code in SUPPORTED_LANGUAGES}
    return {code: text for code, text in words.items() if text}


def _read_lines(_shape: Shape, entered: _Entered, path: str) -> list[str]:
    return [line.strip() for line in entered.posted.get(path, "").splitlines() if line.strip()]


def _read_picks(_shape: Shape, entered: _Entered, path: str) -> list[str]:
    return list(dict.fromkeys(filter(None, entered.posted.getlist(path))))


def _read_day_of_year(_shape: Shape, entered: _Entered, path: str) -> str:
    day, month = entered.clean(f"{path}.day"), entered.clean(f"{path}.month")
    return f"{month}-{day}" if day or month else ""


def _read_image(shape: Shape, entered: _Entered, path: str) -> str:
    """Return the image that was chosen now, or the one that stood on the page unless it is to go."""
    chosen = entered.files.get(f"{path}.{FILE}")
    if chosen is not None:
        return read_image(shape.control, chosen)
    return "" if f"{path}.{REMOVE}" in entered.posted else entered.clean(path)


def _read_group(shape: Shape, entered: _Entered, path: str) -> dict[str, Any]:
    return _read_model(shape.model, entered, f"{path}.") if shape.model else {}


def _read_rows(shape: Shape, entered: _Entered, path: str) -> list[dict[str, Any]]:
    return list(_list_rows(shape.model, entered, path)) if shape.model else []


def _list_rows(model: type[BaseModel], entered: _Entered, path: str) -> Iterator[dict[str, Any]]:
    number = 0
    while f"{path}.{number}.{SHOWN}" in entered.posted:
        row = f"{path}.{number}"
        found = _read_model(model, entered, f"{row}.")
        is_new = entered.posted.get(f"{row}.{SHOWN}") == "new"
        if f"{row}.{REMOVE}" not in entered.posted and not (is_new and _is_blank(model, found)):
            yield found
        number += 1


def _is_blank(model: type[BaseModel], entered: Mapping[str, Any]) -> bool:
    """Whether nothing was written into the empty row that each list offers; ticks and choices do not count."""
    for name, field in model.model_fields.items():
        if shape_of(field).control in {"check", "choice", "number"}:
            continue
        if entered.get(name) not in ("", None, [], {}):
            return False
    return True


_READERS: Mapping[str, Callable[[Shape, _Entered, str], Any]] = {
    "check": _read_check,
    "words": _read_words,
    "lines": _read_lines,
    "picks": _read_picks,
    "yearday": _read_day_of_year,
    "svg": _read_image,
    "png": _read_image,
    "group": _read_group,
    "rows": _read_rows,
}
