"""P7: what a signed receipt costs beside the bare typst compile of the same page."""

from __future__ import annotations

import json
import statistics
import time
from datetime import UTC, datetime
from functools import partial
from operator import truediv
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.documents.evidence import facts, receipts, render, seals
from core.documents.evidence.branding import PaperBranding
from core.documents.evidence.keys import SigningKey, new_key
from core.documents.evidence.labels import LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LIMIT = 1.3
SENT_AT = datetime(2026, 11, 21, 9, 12, 33, tzinfo=UTC)
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">'
    '<rect width="40" height="40" rx="6" fill="#8a1538"/></svg>'
)
BRANDING = PaperBranding(
    name="Caisse de compensation 26",
    portal_url="https://ak26.example.ch",
    colour="#8a1538",
    logo_svg=LOGO,
    lines=("Rue du Lac 1", "1000 Lausanne"),
    time_zone="Europe/Zurich",
)


def facts_of(number: int) -> facts.ReceiptFacts:
    """Return a normal declaration's facts; each number makes another receipt."""
    return facts.ReceiptFacts(
        caisse_id="cabcdefg",
        caisse_name=BRANDING.name,
        message_id=UUID(int=number),
        type_key="salary.declaration",
        type_version=1,
        type_title=f"Déclaration de salaires 2026 ({number})",
        theme="salary",
        theme_title="Déclaration de salaires",
        party_id=UUID(int=9),
        party_name="Müller & Fils SA",
        party_identifier="CHE-123.456.789",
        sender_name="Jeanne Dupont",
        acting_party_name="Fiduciaire du Lac Sàrl",
        assurance_level=2,
        sent_at=SENT_AT,
        content_sha256=f"{number:064x}",
        language="fr",
        files=(facts.ReceiptFile("salaires.xlsx", 123456, f"{number:064x}"),),
        summary=tuple(facts.ReceiptRow(f"total{i}", f"Total {i}", f"CHF {number * i}.05") for i in range(6)),
    )


def make_receipt(number: int, key: SigningKey) -> bytes:
    """Do all that a receipt takes: seal the facts, draw the page, seal the file."""
    sealed = seals.seal_payload(facts_of(number).to_payload(), key)
    return receipts.render_receipt_pdf(sealed, branding=BRANDING, labels=LABELS, language="fr", key=key)


def prepare_bare(number: int, key: SigningKey) -> str:
    """Return the same page as ready input for typst, without the attachments of a receipt."""
    sealed = seals.seal_payload(facts_of(number).to_payload(), key)
    page = receipts.receipt_page(sealed, branding=BRANDING, labels=LABELS, language="fr")
    return json.dumps(page | {"attachments": None})


def compile_bare(page: str) -> bytes:
    """Compile a page with nothing around it."""
    made = render.get_compiler("receipt.typ").compile(
        sys_inputs={"data": page}, pdf_standards=render.STANDARDS, timestamp=int(SENT_AT.timestamp())
    )
    if not isinstance(made, bytes):
        raise render.PdfNotMade("receipt.typ")
    return made


def _cpu_ms(work: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    start = time.process_time()
    for each in inputs:
        work(each)
    return (time.process_time() - start) * 1000 / len(inputs)


def measure(rounds: int = 9, size: int = 20) -> dict[str, Any]:
    """Return medians of CPU milliseconds per receipt, and of the ratios of neighbouring runs."""
    key = new_key()
    make_receipt(0, key)
    bare, full = [], []
    for first in range(1, 2 * size * rounds, 2 * size):
        pages = [prepare_bare(number, key) for number in range(first, first + size)]
        bare.append(_cpu_ms(compile_bare, pages))
        numbers = range(first + size, first + 2 * size)
        full.append(_cpu_ms(partial(make_receipt, key=key), numbers))
    return {
        "name": "P7 receipt with signature / bare typst compile",
        "ours_ms": round(statistics.median(full), 2),
        "reference_ms": round(statistics.median(bare), 2),
        "ratio": round(statistics.median(map(truediv, full, bare)), 3),
        "limit": LIMIT,
    }
