"""What this room looks at: a round trip through the store, the scanner, and the keys of receipts."""

from __future__ import annotations

import io
import secrets
from typing import TYPE_CHECKING

from core.documents.evidence import signing
from core.documents.ports import get_scanner, get_store
from core.kernel.text import N_
from tenants import doctor
from tenants.doctor import Check, Finding, PlatformCheck

if TYPE_CHECKING:
    from tenants.reference import CaisseRef


_SAMPLE = b"number;name\n1;harmless\n"


def register() -> None:
    """Add the checks of this room."""
    doctor.register(
        Check("storage", N_("Document store"), _look_at_store),
        PlatformCheck("scanner", N_("Virus scanner"), _look_at_scanner),
        PlatformCheck("signing", N_("Keys of receipts"), _look_at_keys),
    )


def _look_at_store(caisse: CaisseRef) -> Finding:
    """Put a few bytes under a name of their own, read them, delete them."""
    store, key, content = get_store(), f"{caisse.id}/doctor-{secrets.token_hex(8)}", secrets.token_bytes(64)
    try:
        store.put(key, [content])
        same = b"".join(store.open(key)) == content
    finally:
        store.delete(key)
    if same and not store.exists(key):
        return Finding("ok", N_("A file was stored, read back and deleted."))
    return Finding("bad", N_("The store does not give back what it was given."), N_("Look at the store at once."))


def _look_at_scanner() -> Finding:
    scanner = get_scanner()
    verdict = scanner.scan(io.BytesIO(_SAMPLE), filename="examination.csv", media_type="text/csv")
    if not verdict.is_clean:
        advice = N_("Nobody can send documents now; look at the scanner and its signatures.")
        return Finding(
            "bad", N_("The scanner refuses a harmless file: %(code)s."), advice, {"code": verdict.refusal_code}
        )
    if scanner.finds_viruses:
        return Finding("ok", N_("The scanner answers and knows viruses."))
    advice = N_("Right for trying out only; in production set RELAIS_CLAMD.")
    return Finding("warning", N_("No virus scanner: only the structure of files is looked at."), advice)


def _look_at_keys() -> Finding:
    keyring = signing.get_keyring()
    return Finding("ok", N_("Receipts are signed with the key %(key)s."), fields={"key": keyring.active.id})
