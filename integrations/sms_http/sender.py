"""Hands an SMS to a gateway by one POST; the body's shape is a template, so that most gateways fit."""

from __future__ import annotations

import json
import socket
import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from core.outbox.handlers import PermanentFailure

if TYPE_CHECKING:
    from core.notices.ports import Sms

TIMEOUT_SECONDS = 10
DEFAULT_TEMPLATE = '{"to": "{to}", "text": "{text}", "reference": "{id}"}'
# Answers by which the gateway says "not now": everything else from 400 to 499 is final.
TRANSIENT = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)


class SmsHttpSender:
    """Posts to ``url`` with a bearer token; ``{to}``, ``{text}``, ``{id}`` in the template are filled in."""

    def __init__(self, url: str, token: str, template: str = DEFAULT_TEMPLATE) -> None:
        if urlsplit(url).scheme not in {"http", "https"}:
            message = "The SMS gateway's address must begin with https:// or http://."
            raise ValueError(message)
        self._url = url
        self._token = token
        self._template = json.loads(template)
        self._opener = build_opener(_NoRedirect)

    def send_sms(self, sms: Sms) -> None:
        """Hand over; a 4xx answer is final, anything else is tried again later."""
        try:
            with self._opener.open(self._request(sms), timeout=TIMEOUT_SECONDS):
                return
        except HTTPError as error:
            error.close()
            raise _as_failure(error.code) from None

    def probe(self) -> bool:
        """Open a connection, encrypted where the address says so; gateways have no common way to ask more."""
        parts = urlsplit(self._url)
        port = parts.port or {"https": 443, "http": 80}[parts.scheme]
        with socket.create_connection((str(parts.hostname), port), TIMEOUT_SECONDS) as line:
            if parts.scheme == "https":
                ssl.create_default_context().wrap_socket(line, server_hostname=parts.hostname).close()
        return True

    def _request(self, sms: Sms) -> Request:
        values = {"to": sms.to, "text": sms.text, "id": str(sms.id), "caisse": sms.caisse}
        return Request(  # noqa: S310 -- the scheme was checked when the sender was made
            self._url,
            data=json.dumps(_fill(self._template, values)).encode(),
            method="POST",
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(sms.id),
            },
        )


class SmsGatewayNotNow(RuntimeError):
    """The gateway did not take the SMS this time."""


class _NoRedirect(HTTPRedirectHandler):
    """The token must not follow a redirect to somebody else."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow nothing; the redirect is then answered as the error that it is here."""


def _fill(shape: Any, values: dict[str, str]) -> Any:
    if isinstance(shape, dict):
        return {key: _fill(part, values) for key, part in shape.items()}
    if isinstance(shape, list):
        return [_fill(part, values) for part in shape]
    if isinstance(shape, str):
        for name, value in values.items():
            if shape == f"{{{name}}}":
                return value
    return shape


def _as_failure(status: int) -> Exception:
    final = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in TRANSIENT
    return PermanentFailure(f"HTTP {status}") if final else SmsGatewayNotNow(f"HTTP {status}")
