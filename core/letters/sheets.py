"""The pages of letters: many in one PDF by typst, data only as JSON; and a picture of one to look at."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext

from core.accounts.policy import caisse_now
from core.configuration import configuration
from core.configuration.sections import BrandingSection, ContactSection, DeliverySection, LocaleSection
from core.documents.evidence.qr import to_svg
from core.kernel import clock
from core.letters.press import make_compiler
from core.letters.texts import LABELS
from core.messaging.papers import paper_branding
from core.notices.own_texts import write_text
from core.notices.windows import find_window
from tenants.portal import portal_url

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import typst

    from core.notices.texts import Notice
    from tenants.reference import CaisseRef

PRESS_SECONDS = 120
SIZES = {"normal": 10.5, "large": 16.0}
PICTURE_PPI = 80
_ROOT = Path(__file__).resolve().parents[2]
_of_thread = threading.local()


class SheetsNotMade(RuntimeError):
    """typst gave no page; a fault of the template, not of the data."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one letter says; ``login`` is a sign-in name that the caisse issued."""

    address: tuple[str, ...]
    name: str
    reference: str
    code: str
    language: str
    notice: Notice
    until: datetime
    login: str = ""


def describe(caisse: CaisseRef, sheets: Sequence[Sheet], size: str) -> dict[str, Any]:
    """Return the data of the pages; costs no query. The one QR code of all leads to the page and says nothing else."""
    page = f"{portal_url(caisse)}/activate/"
    branding, place = paper_branding(caisse).to_data(), configuration.get(caisse, LocaleSection)
    return {
        "branding": branding,
        "size": SIZES[size],
        "window": asdict(find_window(place.jurisdiction, configuration.get(caisse, DeliverySection).window)),
        "qr": to_svg(page),
        "page": page.split("://", 1)[-1].rstrip("/"),
        "contact": configuration.get(caisse, ContactSection).phone,
        "labels": {language: _labels(language) for language in {one.language for one in sheets}},
        "letters": [_letter(caisse, one) for one in sheets],
    }


def render_many(data: dict[str, Any]) -> bytes:
    """Return the pages of a batch as one PDF, set by a process of its own. Outside any transaction.

    typst keeps what it laid out, some 70 MB for 250 letters, and gives only part of it back.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-s", "-m", "core.letters.press"],
        input=_to_json(data).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=PRESS_SECONDS,
        check=False,
    )
    if done.returncode or not done.stdout:
        raise SheetsNotMade
    return done.stdout


def render_pdf(data: dict[str, Any]) -> bytes:
    """Return a few pages as one PDF. Outside any transaction; typst raises on a fault of the template alone."""
    made = _compiler().compile(sys_inputs={"data": _to_json(data)})
    if not isinstance(made, bytes):
        raise SheetsNotMade
    return made


def render_picture(data: dict[str, Any]) -> bytes:
    """Return the first page as a PNG picture."""
    made = _compiler().compile(sys_inputs={"data": _to_json(data)}, format="png", ppi=PICTURE_PPI)
    page = made[0] if isinstance(made, list) else made
    if not isinstance(page, bytes):
        raise SheetsNotMade
    return page


def _to_json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


def _compiler() -> typst.Compiler:
    if not hasattr(_of_thread, "compiler"):
        _of_thread.compiler = make_compiler()
    compiler: typst.Compiler = _of_thread.compiler
    return compiler


def _letter(caisse: CaisseRef, sheet: Sheet) -> dict[str, Any]:
    until = format_date(caisse_now(caisse, sheet.until).date(), "long", locale=sheet.language)
    values = {"name": sheet.name, "until": until, "caisse": configuration.get(caisse, BrandingSection).name}
    subject, body = write_text(caisse, sheet.notice, sheet.language, values)
    day = format_date(caisse_now(caisse, clock.now()).date(), "long", locale=sheet.language)
    return {
        "address": list(sheet.address),
        "reference": sheet.reference,
        "reference_qr": to_svg(sheet.reference),
        "code": sheet.code,
        "login": sheet.login,
        "language": sheet.language,
        "title": subject,
        "day": day,
        "paragraphs": [part.strip() for part in body.replace("\r\n", "\n").split("\n\n") if part.strip()],
    }


def _labels(language: str) -> dict[str, str]:
    with translation.override(language):
        return {name: gettext(label) for name, label in LABELS.items()}
