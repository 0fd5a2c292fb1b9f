"""How an address proves that it leads to this platform and to one caisse of it: an answer to a challenge.

``/.well-known/relais/<challenge>`` answers at every address of a caisse, suspended or not, with the
caisse's id and a code that only who has this platform's key can make.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponseNotFound, JsonResponse

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tenants.reference import CaisseRef

PATH = "/.well-known/relais/"
_CHALLENGE = re.compile(r"[a-z0-9]{32}\Z")


def new_challenge() -> str:
    """Return a text that was never asked before."""
    return secrets.token_hex(16)


def make_proof(*, challenge: str, caisse_id: str, host: str, path_prefix: str) -> str:
    """Return the code for a challenge at one address."""
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"relais-address", digest_size=32).digest()
    text = f"{challenge}\n{caisse_id}\n{host}\n{path_prefix}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def answer(path: str, *, caisse: CaisseRef, host: str, path_prefix: str) -> HttpResponse:
    """Answer a challenge; ``host`` and ``path_prefix`` are those by which the request came."""
    challenge = path.removeprefix(PATH)
    if not _CHALLENGE.match(challenge):
        return HttpResponseNotFound()
    proof = make_proof(challenge=challenge, caisse_id=caisse.id, host=host, path_prefix=path_prefix)
    found = JsonResponse({"caisse": caisse.id, "proof": proof})
    found["Cache-Control"] = "no-store"
    return found
