"""Sessions of operators: rows in ``platform`` found by a hash, begun only by a complete sign-in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import OperationalError
from django.utils.crypto import get_random_string

from core.kernel import clock
from core.operator.errors import OperatorChanged
from core.operator.limits import IDLE, LONGEST_SESSION, PROOF_VALID, TOUCH
from tenants.models import Operator, OperatorSession
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from uuid import UUID

KEY_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
KEY_LENGTH = 40
PROVED_AT = "proved_at"
PASSKEY_LEVEL, PASSWORD_LEVEL = 4, 3


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a session is used from, as its owner will see it in her list of devices."""

    address: str = ""
    device: str = ""

    @property
    def stored_address(self) -> str | None:
        """The address without the part of IPv6 that tells single machines apart."""
        try:
            return str(ip_address(self.address.partition("/")[0]))
        except ValueError:
            return None


class OperatorSessionStore(SessionBase):
    """One browser's session in the console. Without a sign-in nothing is kept: there are no anonymous rows."""

    def __init__(self, session_key: str | None = None, *, origin: Origin | None = None) -> None:
        super().__init__(session_key)
        self.origin = origin or Origin()
        self.row: OperatorSession | None = None
        self.unreadable = False

    @property
    def operator(self) -> Operator | None:
        """Who is signed in; reads once."""
        self.keys()
        return self.row.operator if self.row is not None else None

    @property
    def level(self) -> int:
        """What the sign-in proved: 3 password and one-time password, 4 passkey; 0 nobody."""
        self.keys()
        return self.row.assurance_level if self.row is not None else 0

    @property
    def is_proved(self) -> bool:
        """Whether she has proved within the last minutes that it is she who sits there."""
        proved = self.get(PROVED_AT)
        return bool(proved) and clock.now() - datetime.fromisoformat(str(proved)) < PROOF_VALID

    def load(self) -> dict[str, Any]:
        """Return the session's contents with one query; a dead or foreign key is nobody's."""
        row = None if self.unreadable else self._find_row()
        if row is None:
            self._session_key = None
            return {}
        self.row = row
        return dict(row.data)

    def begin(self, operator: Operator, *, level: int) -> None:
        """Start a row under a new key, within a platform scope; an earlier session of this browser ends."""
        now = clock.now()
        self._delete_row()
        self._session_key = _new_key()
        self._session_cache = {PROVED_AT: now.isoformat()}
        self.row = OperatorSession.objects.create(
            key_hash=hash_key(self._session_key),
            operator=operator,
            assurance_level=level,
            data=self._session_cache,
            created_at=now,
            last_seen_at=now,
            expires_at=now + LONGEST_SESSION,
            address=self.origin.stored_address,
            user_agent=self.origin.device,
        )
        self.modified = True

    def note_proof(self, *, level: int) -> None:
        """Note that she has just proved who she is, and go on under a new key; within a platform scope.

        Raises ``OperatorChanged`` if the session was ended meanwhile.
        """
        self[PROVED_AT] = clock.now().isoformat()
        new = _new_key()
        live = OperatorSession.objects.filter(key_hash=hash_key(str(self.session_key)))
        if not live.update(key_hash=hash_key(new), data=dict(self.items()), assurance_level=level):
            raise OperatorChanged
        self._session_key = new

    def end(self) -> None:
        """End this session, within a platform scope."""
        self._delete_row()
        self._session_key, self._session_cache, self.row = None, {}, None
        self.modified = True

    def exists(self, session_key: str) -> bool:
        """Whether the key is taken."""
        with platform_transaction():
            return OperatorSession.objects.filter(key_hash=hash_key(session_key)).exists()

    def create(self) -> None:
        """Do nothing: only a sign-in begins a session."""

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 -- Django's signature
        """Write the contents in a scope of its own; raises ``UpdateError`` if it was ended meanwhile."""
        del must_create
        if self.session_key is None:
            return
        data = dict(self.items())
        with platform_transaction():
            if not OperatorSession.objects.filter(key_hash=hash_key(self.session_key)).update(data=data):
                raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End the session in a scope of its own."""
        del session_key
        with platform_transaction():
            self.end()

    def touch(self) -> None:
        """Note that the session is in use, once a minute at most."""
        now = clock.now()
        if self.row is None or now - self.row.last_seen_at < TOUCH:
            return
        with platform_transaction():
            OperatorSession.objects.filter(key_hash=self.row.key_hash).update(last_seen_at=now)

    @classmethod
    def clear_expired(cls) -> None:
        """Do nothing: expired rows go with ``core.operator.upkeep``."""

    def _find_row(self) -> OperatorSession | None:
        if self.session_key is None:
            return None
        now = clock.now()
        live = OperatorSession.objects.select_related("operator").filter(
            key_hash=hash_key(self.session_key),
            expires_at__gt=now,
            last_seen_at__gt=now - IDLE,
            operator__state=Operator.States.ACTIVE,
        )
        try:
            with platform_transaction():
                return live.first()
        except OperationalError:
            # The page that says so finds nobody signed in; the cookie stays.
            self.unreadable = True
            raise

    def _delete_row(self) -> None:
        if self.session_key is not None:
            OperatorSession.objects.filter(key_hash=hash_key(self.session_key)).delete()


def hash_key(key: str) -> bytes:
    """Return what is stored of a session's key."""
    return hashlib.sha256(f"operator:{key}".encode()).digest()


def end_sessions(operator_id: UUID, *, keep: str | None = None) -> int:
    """End all sessions of an operator but the one whose key is kept, within a platform scope; return how many."""
    found = OperatorSession.objects.filter(operator_id=operator_id)
    if keep is not None:
        found = found.exclude(key_hash=hash_key(keep))
    ended, _ = found.delete()
    return ended


def _new_key() -> str:
    return get_random_string(KEY_LENGTH, KEY_CHARACTERS)
