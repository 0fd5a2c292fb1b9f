"""What all REST views share: the actor, the caisse, one scope, and idempotency."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from rest_framework.response import Response
from rest_framework.views import APIView

from core.messaging import idempotency
from tenants.scope import CaisseRef, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.files.uploadedfile import UploadedFile
    from rest_framework.request import Request

    from core.kernel.actors import Actor

Answer = tuple[int, Any]
T = TypeVar("T")
REPLAYED = "Idempotency-Replayed"


class ApiView(APIView):
    """A view over one caisse. ``for_desk`` says which side of the counter it serves.

    ``reads_by_post`` marks one whose question stands in the body only because addresses are logged.
    """

    for_desk = False
    # Whom of the desk only, nobody named: all of its side.
    roles: ClassVar[frozenset[str]] = frozenset()
    reads_by_post = False

    @property
    def caisse(self) -> CaisseRef:
        """The caisse whose host was addressed."""
        caisse: CaisseRef = self.request._request.caisse  # type: ignore[attr-defined]  # set by the middleware
        return caisse

    @property
    def actor(self) -> Actor:
        """The program's owner, as the token says."""
        return cast("Actor", self.request.auth)

    def read(self, work: Callable[[], T]) -> T:
        """Run one page's reads in one scope."""
        with tenant_transaction(self.caisse):
            return work()

    def mutate(self, request: Request, work: Callable[[], Answer], *, parts: bytes = b"") -> Response:
        """Run one service call; with an ``Idempotency-Key`` a repeat gets the first answer again.

        ``parts`` tells the forms with files apart, whose bodies cannot be read twice; see ``digest_of``.
        """
        key = _key(request)
        with tenant_transaction(self.caisse):
            claimed = idempotency.claim(actor=self.actor, key=key, print_=_print(request, parts)) if key else None
            if claimed:
                return _replay(claimed)
            status, body = work()
            if key:
                idempotency.keep_answer(actor=self.actor, key=key, status=status, body=body)
        return Response(body, status=status)

    def find_answer(self, request: Request, parts: bytes) -> Response | None:
        """Return the first answer of a repeated call, before its file is stored a second time."""
        key = _key(request)
        if not key:
            return None
        with tenant_transaction(self.caisse):
            first = idempotency.find_answer(actor=self.actor, key=key, print_=_print(request, parts))
        return _replay(first) if first else None


def digest_of(upload: UploadedFile[bytes] | None, *texts: str) -> bytes:
    """Return what tells two forms apart: their texts, and name and contents of their file."""
    digest = hashlib.sha256(json.dumps([*texts, upload.name if upload else None]).encode())
    for chunk in upload.chunks() if upload else ():
        digest.update(chunk)
    return digest.digest()


def _key(request: Request) -> str:
    return request.headers.get("Idempotency-Key", "")[:255]


def _print(request: Request, parts: bytes) -> str:
    body = parts or request._request.body
    return idempotency.fingerprint(request.method or "", request.path, body)


def _replay(first: idempotency.FirstAnswer) -> Response:
    return Response(first.body, status=first.status, headers={REPLAYED: "true"})
