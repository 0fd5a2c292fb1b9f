"""``manage.py caisse store``: what lies in the document store without a row, and which rows lack their file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.configuration.acts import Act, register_act
from core.configuration.operations import find_caisse
from core.documents import reconciling

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable


def register() -> None:
    """Join the sub-commands."""
    register_act(Act("store", "Compare the document store with what a caisse knows of it.", _arguments, _compare))


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("--remove", action="store_true", help="Delete files of which no row has spoken for a day.")


def _compare(options: dict[str, Any], _progress: Callable[[str, int, int], None]) -> tuple[Any, str]:
    caisse = find_caisse(options["slug"])
    found = reconciling.compare_store(caisse=caisse)
    removed = reconciling.remove_forgotten(caisse=caisse) if options["remove"] else 0
    answer = {"forgotten": len(found.forgotten), "removed": removed, "missing": list(found.missing)}
    told = gettext(
        "Files without a row: %(forgotten)s, of them deleted: %(removed)s. Rows without a file: %(missing)s."
    )
    return answer, told % {**answer, "missing": ", ".join(found.missing) or 0}
