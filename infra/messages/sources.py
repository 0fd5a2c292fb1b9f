"""Gathers every text for people from Python, templates and the docstrings of errors."""

from __future__ import annotations

import ast
import io
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TREES = ("core", "tenants", "themes", "integrations", "infra")
KEYWORDS = DEFAULT_KEYWORDS | {
    "N_": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
ERROR_ROOT = "RelaisError"
_NOT_OURS = {"node_modules", "dist", "static", "migrations"}


def is_theme(root: Path) -> bool:
    """Whether this is the folder of one theme; otherwise it is the whole project."""
    return (root / "theme.py").exists()


def gather(root: Path) -> Catalog:
    """Return all msgids with the files they stand in; of the project without themes that keep their own."""
    catalogue = Catalog(charset="utf-8")
    modules = {path: path.read_text(encoding="utf-8") for path in _files(root, "*.py")}
    for path, text in modules.items():
        _add(catalogue, path.relative_to(root), _calls(text))
    for path in [*_files(root, "*.html"), *_files(root, "*.txt")]:
        _add(catalogue, path.relative_to(root), _calls(_as_python(path.read_text(encoding="utf-8"))))
    for path, message in _error_docstrings(modules):
        catalogue.add(message, locations=[(path.relative_to(root).as_posix(), 0)], flags=_flags(message))
    return catalogue


def _files(root: Path, pattern: str) -> list[Path]:
    trees = [root] if is_theme(root) else [root / tree for tree in TREES]
    apart = [] if is_theme(root) else [folder.parent for folder in (root / "themes").glob("*/locale")]
    found = (path for tree in trees for path in tree.rglob(pattern))
    return sorted(path for path in found if not _is_foreign(path, root, apart))


def _is_foreign(path: Path, root: Path, apart: list[Path]) -> bool:
    return bool(_NOT_OURS & set(path.relative_to(root).parts)) or any(folder in path.parents for folder in apart)


def _calls(text: str) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Yield (msgid or singular and plural, context) for each call of a translating function."""
    source = io.BytesIO(text.encode())
    for _line, function, arguments, _comments in extract_python(
        source, dict.fromkeys(KEYWORDS), [], {"encoding": "utf-8"}
    ):
        name = str(function)
        given = list(arguments) if isinstance(arguments, (tuple, list)) else [arguments]
        context = given.pop(0) if "pgettext" in name else None
        wanted = given[: 2 if name.startswith("n") else 1]
        if wanted and all(wanted):
            yield (tuple(wanted) if len(wanted) > 1 else wanted[0]), context


def _as_python(template: str) -> str:
    # Django turns tags into calls and blanks the rest; margins would read as indentation.
    return "\n".join(line.lstrip() for line in templatize(template).splitlines())


def _add(catalogue: Catalog, path: Path, calls: Iterator[tuple[str | tuple[str, ...], str | None]]) -> None:
    for message, context in calls:
        first = message[0] if isinstance(message, tuple) else message
        location = [(path.as_posix(), 0)]
        catalogue.add(message, locations=location, context=context, flags=_flags(str(first)))


def _flags(message: str) -> list[str]:
    return ["python-format"] if "%(" in message else []


def _error_docstrings(modules: dict[Path, str]) -> Iterator[tuple[Path, str]]:
    """Yield the docstring of each class below ``RelaisError``: it is the message for its reader."""
    classes = [
        (path, node)
        for path, text in modules.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
    ]
    errors = {ERROR_ROOT}
    grown = True
    while grown:
        found = {node.name for _path, node in classes if errors & {_name(base) for base in node.bases}}
        grown = not found <= errors
        errors |= found
    for path, node in classes:
        if node.name in errors and (text := ast.get_docstring(node)):
            yield path, " ".join(text.split())


def _name(base: ast.expr) -> str:
    return base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
