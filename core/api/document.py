"""What the API document says of every operation at once: the token, the Idempotency-Key, and how it is refused."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from core.api.problems import CONTENT_TYPE

MUTATING = ("post", "put", "patch", "delete")
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457). Programs go by ``code``, which never changes; ``title`` is for people.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "additionalProperties": {}}},
    },
    "required": ["type", "title", "status", "code"],
}
KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": 255},
    "description": "Names this call. Repeated with the same key and contents, it gets the first answer again.",
}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself by a metaclass
    """The bearer token in the document; found by its mere existence."""

    target_class = "core.accounts.api_auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:
        """Say how a program signs in."""
        return {"type": "http", "scheme": "bearer", "description": "A token of Access for programs."}


def complete(result: dict[str, Any], **_generator: Any) -> dict[str, Any]:
    """Add to each operation what holds for all; a hook of drf-spectacular."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    refusal = {
        "description": "Refused; the code says why.",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for item in result["paths"].values():
        for method, operation in item.items():
            operation["responses"]["default"] = refusal
            if method in MUTATING:
                operation.setdefault("parameters", []).append(KEY)
    return result
