"""An error as its types and places: what a database or a library says of it may quote what somebody entered."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

INNERMOST = 30


def describe(error: BaseException) -> str:
    """Return type, code and frames of an error and of what led to it, the first cause first."""
    return "\n".join("\n".join([_name(one), *_frames(one)]) for one in reversed(list(_chain(error))))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _name(error: BaseException) -> str:
    kind = type(error)
    code = getattr(error, "sqlstate", None) or getattr(error, "code", None)
    return f"{kind.__module__}.{kind.__qualname__}" + (f" ({code})" if isinstance(code, str) else "")


def _frames(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"  {one.filename}:{one.lineno} in {one.name}" for one in frames[-INNERMOST:]]
