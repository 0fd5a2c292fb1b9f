"""The receipt's PDF: repeatable, accessible, one page, and printing only what was signed."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pikepdf
import pytest
import typst

from core.documents.evidence import facts, notices, receipts, render, seals
from core.documents.evidence.keys import Keyring, new_key
from tests.benchmarks import receipt as sample


@pytest.fixture(scope="module")
def key():
    return new_key()


def test_receipt_is_byte_identical_on_repeat(key):
    assert sample.make_receipt(1, key) == sample.make_receipt(1, key)
    assert sample.make_receipt(1, key) != sample.make_receipt(2, key)


def test_receipt_is_one_tagged_page_with_its_data_attached(key):
    pdf = sample.make_receipt(3, key)
    assert seals.verify_pdf(pdf, Keyring((key,))) == key.id
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert len(file.pages) == 1
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang).startswith("fr")
        assert file.open_metadata()["pdfuaid:part"] == "1"
        assert file.open_metadata()["pdfaid:part"] == "3"
        payload = json.loads(file.attachments["receipt.json"].get_file().read_bytes())
        assert set(file.attachments) == {"receipt.json", "receipt.sig.json"}
    assert payload["format"] == facts.RECEIPT_FORMAT
    assert payload["files"][0]["sha256"] == f"{3:064x}"


def test_receipt_with_many_files_takes_more_pages(key):
    files = tuple(facts.ReceiptFile(f"file {i}.pdf", i, f"{i:064x}") for i in range(80))
    sealed = seals.seal_payload(replace(sample.facts_of(1), files=files).to_payload(), key)
    pdf = receipts.render_receipt_pdf(sealed, branding=sample.BRANDING, labels=sample.LABELS, language="de", key=key)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert len(file.pages) > 1


def test_texts_are_never_read_as_markup(key):
    nasty = "#panic() *x* $1$ <y> \\ [z] @w ```"
    named = replace(sample.facts_of(1), party_name=nasty, type_title=nasty)
    sealed = seals.seal_payload(named.to_payload(), key)
    page = receipts.receipt_page(sealed, branding=sample.BRANDING, labels=sample.LABELS, language="fr")
    assert page["subject"] == nasty
    assert b"%PDF" in render.compile_pdf("receipt.typ", page, at=sample.SENT_AT)


def test_broken_logo_does_not_keep_anybody_from_the_receipt(key):
    branding = replace(sample.BRANDING, logo_svg="<svg")
    sealed = seals.seal_payload(sample.facts_of(1).to_payload(), key)
    pdf = receipts.render_receipt_pdf(sealed, branding=branding, labels=sample.LABELS, language="fr", key=key)
    plain = replace(sample.BRANDING, logo_svg="")
    assert pdf == receipts.render_receipt_pdf(sealed, branding=plain, labels=sample.LABELS, language="fr", key=key)


def test_caisse_has_its_own_words_at_the_end(key):
    sealed = seals.seal_payload(sample.facts_of(1).to_payload(), key)
    branding = replace(sample.BRANDING, receipt_texts={"de": "Danke\nIhre Kasse", "fr": "Merci"})
    pages = [
        receipts.receipt_page(sealed, branding=branding, labels=sample.LABELS, language=code)["note"]
        for code in ("fr", "it")
    ]
    assert pages == ["Merci", ""]
    pdf = receipts.render_receipt_pdf(sealed, branding=branding, labels=sample.LABELS, language="de", key=key)
    assert pdf.startswith(b"%PDF")
    assert "note" in receipts.receipt_page(sealed, branding=sample.BRANDING, labels=sample.LABELS, language="fr")


def test_short_code_is_sixteen_readable_characters_of_the_digest(key):
    sealed = seals.seal_payload(sample.facts_of(1).to_payload(), key)
    assert len(sealed.short_code) == 16
    assert set(sealed.short_code) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert sealed.short_code == seals.short_code(sealed.json_bytes)


def test_letter_is_sealed_and_has_the_recipient_on_it(key):
    letter = notices.Letter(
        title="Décision",
        paragraphs=("Madame,", "Première\nligne"),
        language="fr",
        at=sample.SENT_AT,
        recipient=("Müller & Fils SA", "1000 Lausanne"),
        facts=(("Référence", "R-1"),),
        signers=("A. Favre",),
    )
    pdf = notices.render_notice_pdf(letter, branding=sample.BRANDING, key=key)
    assert seals.verify_pdf(pdf, Keyring((key,))) == key.id
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert str(file.docinfo["/Title"]) == "Décision"


def test_page_that_cannot_be_drawn_is_said(key):
    with pytest.raises((render.PdfNotMade, typst.TypstError)):
        render.compile_pdf("receipt.typ", {"branding": {"logo": None}}, at=sample.SENT_AT)
