"""Rendering by typst: one compiler for each thread, reused; data only as JSON, fonts only typst's own."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATES = Path(__file__).parent / "templates"
# Level A of PDF/A-3 allows attachments and demands tags; PDF/UA-1 demands that they are accessible.
PICTURE_PPI = 110
STANDARDS: list[Any] = ["a-3a", "ua-1"]
_of_thread = threading.local()


class PdfNotMade(Exception):
    """typst could not compile a page; a mistake in the template or in a logo, not in the data."""


def compile_pdf(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the PDF of a template in ``templates/``; the same data and time give the same bytes."""
    try:
        return _compile(template, data, at)
    except typst.TypstError as error:
        if not data["branding"]["logo"]:
            raise PdfNotMade(error.message) from error
    # A logo that typst cannot draw must not keep anybody from her receipt.
    return compile_pdf(template, {**data, "branding": {**data["branding"], "logo": None}}, at=at)


def compile_picture(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the first page of a template as a PNG picture, to look at; it is no evidence of anything."""
    made = get_compiler(template).compile(
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, format="png", ppi=PICTURE_PPI
    )
    page = made[0] if isinstance(made, list) else made
    if not isinstance(page, bytes):
        raise PdfNotMade(template)
    return page


def _compile(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    made = get_compiler(template).compile(
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=int(at.astimezone(UTC).timestamp()),
    )
    if not isinstance(made, bytes):
        raise PdfNotMade(template)
    return made


def get_compiler(template: str) -> typst.Compiler:
    """Return this thread's compiler of one template; it must not be handed to another thread."""
    compilers: dict[str, typst.Compiler] = _of_thread.__dict__.setdefault("compilers", {})
    if template not in compilers:
        compilers[template] = typst.Compiler(str(TEMPLATES / template), root=str(TEMPLATES), ignore_system_fonts=True)
    return compilers[template]
