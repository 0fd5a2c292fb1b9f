"""Programs at the REST interface: tokens, calls, and bodies made from the API document itself."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from core.accounts.tokens import create_token
from tenants.scope import tenant_transaction
from tests.support.browsing import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.kernel.actors import Actor
    from tests.support.mailbox import Office

ROOT = "/api/v1/"
PROBLEM = "application/problem+json"
_SAMPLES = {"string": "a", "integer": 1, "boolean": True, "array": [], "object": {}}


@dataclass
class Program:
    """A program with its token at one caisse."""

    host: str
    secret: str = ""
    language: str = "en"
    browser: Client = field(default_factory=Browser)

    def call(self, method: str, path: str, body: Any = None, key: str = "", **extra: Any) -> Any:
        """Call an address below the root, or a whole path."""
        headers = {"Host": self.host, "Accept-Language": self.language}
        if self.secret:
            headers["Authorization"] = f"Bearer {self.secret}"
        if key:
            headers["Idempotency-Key"] = key
        if body is not None:
            extra |= {"data": json.dumps(body), "content_type": "application/json"}
        address = path if path.startswith("/") else ROOT + path
        return getattr(self.browser, method)(address, headers=headers, **extra)

    def get(self, path: str, **extra: Any) -> Any:
        return self.call("get", path, **extra)

    def post(self, path: str, body: Any = None, key: str = "", **extra: Any) -> Any:
        return self.call("post", path, body, key, **extra)

    def upload(self, path: str, key: str = "", **parts: Any) -> Any:
        """Post a form with files."""
        return self.call("post", path, key=key, data=parts)


def program(office: Office, actor: Actor | None = None, **values: Any) -> Program:
    """Make a token of somebody and return the program that holds it; without anybody it has none."""
    host = f"{office.caisse.slug}.localhost"
    if actor is None:
        return Program(host)
    with tenant_transaction(office.caisse):
        made = create_token(actor=actor, name="Paie")
        for name, value in values.items():
            setattr(made.token, name, value)
        made.token.save()
    return Program(host, made.secret)


def callers(office: Office) -> Callable[[Any], Program]:
    """Return who may call a route: the employer, a clerk, or where roles are asked for an administrator."""
    own, desk, administrator = (
        program(office, one) for one in (office.actor(), office.clerk(), office.clerk("gilles"))
    )
    return lambda route: administrator if route.rest_view.roles else desk if route.rest_view.for_desk else own


def api_document() -> dict[str, Any]:
    """Return the OpenAPI document of a caisse."""
    document: dict[str, Any] = SchemaGenerator(urlconf="infra.urls.caisse").get_schema(request=None, public=True)
    return document


def list_operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return path, method and description of every operation."""
    return [(path, method, operation) for path, item in document["paths"].items() for method, operation in item.items()]


def sample_body(document: dict[str, Any], operation: dict[str, Any]) -> Any:
    """Return the smallest body that fits the document, None where an operation takes none."""
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    return _sample(document, content["application/json"]["schema"])


def _sample(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _sample(document, resolve(document, schema))
    if schema.get("type") == "object" and "properties" in schema:
        return {name: _sample(document, schema["properties"][name]) for name in schema.get("required", ())}
    return _SAMPLES[schema["type"]]


def resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference within the document."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema
