"""A document on which something is to rest is kept only where that came about."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.documents.models import Document
from core.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, TooManyAttempts
from core.messaging.proofs import PROOF, resting_on, store_proof
from tenants.scope import tenant_transaction
from tests.support.hostile_files import make_pdf


def _kept(office):
    with tenant_transaction(office.caisse):
        return Document.objects.filter(kind=PROOF).count()


@pytest.mark.parametrize("refusal", [Conflict, InvalidInput, NotFound, NotPermitted, TooManyAttempts])
def test_proof_goes_whatever_refused_what_was_to_rest_on_it(office, refusal):
    caisse, actor = office.caisse, office.clerk("elena")
    upload = SimpleUploadedFile("proof.pdf", make_pdf())
    document = store_proof(caisse=caisse, actor=actor, upload=upload, party_id=office.parties["factory"].id)
    with pytest.raises(refusal), resting_on(document, caisse=caisse, actor=actor):
        raise refusal
    assert _kept(office) == 0


def test_proof_stays_where_it_was_accepted(office):
    caisse, actor = office.caisse, office.clerk("elena")
    upload = SimpleUploadedFile("proof.pdf", make_pdf())
    document = store_proof(caisse=caisse, actor=actor, upload=upload, party_id=office.parties["factory"].id)
    with resting_on(document, caisse=caisse, actor=actor):
        pass
    assert _kept(office) == 1
