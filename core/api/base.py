"""What all REST views share: the actor, the caisse, one scope, and idempotency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from rest_framework.response import Response
from rest_framework.views import APIView

from core.messaging import idempotency
from tenants.scope import CaisseRef, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.request import Request

    from core.kernel.actors import Actor

Answer = tuple[int, Any]
T = TypeVar("T")


class ApiView(APIView):
    """A view over one caisse. ``for_desk`` says which side of the counter it serves."""

    for_desk = False

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

    def mutate(self, request: Request, work: Callable[[], Answer]) -> Response:
        """Run one service call; with an ``Idempotency-Key`` a repeat gets the first answer again."""
        key = request.headers.get("Idempotency-Key", "")[:255]
        with tenant_transaction(self.caisse):
            first = self._claim(request, key) if key else None
            if first:
                return Response(first.body, status=first.status, headers={"Idempotency-Replayed": "true"})
            status, body = work()
            if key:
                idempotency.keep_answer(actor=self.actor, key=key, status=status, body=body)
        return Response(body, status=status)

    def _claim(self, request: Request, key: str) -> idempotency.FirstAnswer | None:
        # Uploads are told apart by their digest, which the view adds; a stream cannot be read twice.
        body = b"" if request.content_type.startswith("multipart/") else request._request.body
        print_ = idempotency.fingerprint(request.method or "", request.path, body)
        return idempotency.claim(actor=self.actor, key=key, print_=print_)
