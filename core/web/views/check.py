"""The public check: authentic or not, sent when, what kind, how many pages; nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from core.accounts import limiter
from core.accounts.addresses import counted_address
from core.catalogue import registry
from core.documents import trust
from core.documents.evidence.keys import Keyring
from core.documents.evidence.seals import CODE_LENGTH, SealBroken, verify_receipt
from core.kernel.errors import TooManyAttempts
from core.kernel.identifiers import group_code, normalise_code
from core.messaging import papers, receipts
from core.messaging.models import Receipt
from core.web.policies import public
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.web.requests import PortalRequest

# Codes have 80 bits; the limit only keeps a guessing program from using up the machine.
CHECKS_BY_ADDRESS = limiter.Limit("receipt_check", 60, 600)


@public
@require_GET
def ask(request: PortalRequest) -> HttpResponse:
    """Ask for the short code."""
    if code := normalise_code(request.GET.get("code", "")):
        return redirect("check_code", code=group_code(code))
    return render(request, "web/check.html", {"asked": False})


@public
@require_GET
def show(request: PortalRequest, code: str) -> HttpResponse:
    """Answer for one code."""
    plain = normalise_code(code)
    receipt, keyring = None, Keyring(())
    with tenant_transaction(request.caisse):
        verdict = limiter.take(CHECKS_BY_ADDRESS, counted_address(request))
    if not verdict.allowed:
        raise TooManyAttempts(minutes=verdict.wait_minutes)
    if len(plain) == CODE_LENGTH:
        with tenant_transaction(request.caisse):
            receipt = Receipt.objects.select_related("message").filter(short_code=plain).first()
            keyring = trust.get_keyring()
    if receipt is None or not _is_authentic(receipt, keyring):
        return render(request, "web/check.html", {"asked": True, "found": False, "code": code}, status=404)
    context = {
        "asked": True,
        "found": True,
        "code": group_code(plain),
        "sent_at": receipt.sent_at,
        "kind": gettext(registry.get_type(receipt.message.type_key, receipt.message.type_version).title),
        "pages": papers.count_receipt_pages(caisse=request.caisse, receipt=receipt),
    }
    return render(request, "web/check.html", context)


def _is_authentic(receipt: Receipt, keyring: Keyring) -> bool:
    try:
        verify_receipt(receipts.to_sealed(receipt), keyring)
    except SealBroken:
        return False
    return True


@public
@require_GET
def trust_list(request: PortalRequest) -> JsonResponse:
    """The public keys with which receipts are signed, for the stand-alone checker."""
    with tenant_transaction(request.caisse):
        found = trust.get_trust_list()
    return JsonResponse(found)
