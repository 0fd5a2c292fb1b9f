"""A setting that nobody may read: a reference to where it lies, or encrypted with the platform's key."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes
from pydantic_core import core_schema

from core.configuration.errors import SecretUnreadable
from core.configuration.registry import Refusal
from core.kernel.text import N_

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, SerializationInfo, ValidationInfo
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

# What stands for an encrypted value wherever people read; given back, it keeps the value.
SET = "(set)"
# The context in which sections are written to the database and read from it.
STORED = {"stored": True}
_SEALED = "sealed:"
_REFERENCE = re.compile(r"env:RELAIS_CAISSE_[A-Z0-9_]+|file:/[^\x00\n]+")
_LONGEST = 4096


class Secret:
    """One secret of a section; what is dumped, printed, logged or compared never holds its value.

    Entered as ``env:RELAIS_CAISSE_…``, ``file:/path`` or the value itself, which is encrypted at once.
    Use it only as an entry of the section itself, not of a block within.
    """

    __slots__ = ("_kept",)

    def __init__(self, kept: str = "") -> None:
        self._kept = kept

    @property
    def is_set(self) -> bool:
        """Whether there is a value, here or where the reference leads."""
        return bool(self._kept)

    @property
    def is_reference(self) -> bool:
        """Whether the value lies outside, in the environment or in a file."""
        return self._kept.startswith(("env:", "file:"))

    @property
    def keeps(self) -> bool:
        """Whether this only says that the value stays what it is."""
        return self._kept == SET

    @property
    def shown(self) -> str:
        """What people see of it."""
        return SET if self._kept.startswith(_SEALED) else self._kept

    def reveal(self) -> str:
        """Return the value, for handing it to the system that asks for it; raises ``secret_unreadable``."""
        if self._kept.startswith(_SEALED):
            return _unseal(self._kept)
        kind, _, place = self._kept.partition(":")
        try:
            if kind == "env":
                return os.environ[place]
            return Path(place).read_text(encoding="utf-8").strip() if kind == "file" else ""
        except (KeyError, OSError, UnicodeDecodeError):
            raise SecretUnreadable(place=self._kept) from None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        both = self._kept, other._kept
        return both[0] == both[1] or (all(one.startswith(_SEALED) for one in both) and self._holds_same(other))

    def _holds_same(self, other: Secret) -> bool:
        try:
            return self.reveal() == other.reveal()
        except SecretUnreadable:
            return False

    def __hash__(self) -> int:
        return hash(self.shown)

    def __repr__(self) -> str:
        return f"Secret({'set' if self.is_set else 'not set'})"

    __str__ = __repr__

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            cls._read,
            serialization=core_schema.plain_serializer_function_ser_schema(cls._write, info_arg=True),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say that it can be written and never read; ``(set)`` keeps what is there."""
        return {"type": "string", "maxLength": _LONGEST, "writeOnly": True, "format": "password"}

    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Self:
        if isinstance(value, cls):
            return value
        if not isinstance(value, str) or len(value) > _LONGEST:
            raise Refusal(N_("A secret is a text of at most %(most)s characters."), most=_LONGEST)
        if (info.context or {}).get("stored") or value in {"", SET}:
            return cls(value)
        if value.startswith(("env:", "file:")):
            if not _REFERENCE.fullmatch(value):
                raise Refusal(N_("A reference is written env:RELAIS_CAISSE_NAME or file:/path."))
            return cls(value)
        return cls(_seal(value))

    def _write(self, info: SerializationInfo) -> str:
        return self._kept if (info.context or {}).get("stored") else self.shown


def box_of(purpose: bytes = b"relais-settings") -> MultiFernet:
    """Return what encrypts with the platform's key; what one purpose sealed no other opens (16 bytes at most)."""
    return MultiFernet([_key(one, purpose) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes, purpose: bytes) -> Fernet:
    digest = hashlib.blake2b(force_bytes(secret), person=purpose, digest_size=32)
    return Fernet(base64.urlsafe_b64encode(digest.digest()))


def _seal(value: str) -> str:
    return _SEALED + box_of().encrypt(value.encode()).decode()


def _unseal(kept: str) -> str:
    try:
        return box_of().decrypt(kept.removeprefix(_SEALED)).decode()
    except InvalidToken:
        raise SecretUnreadable(place=SET) from None
