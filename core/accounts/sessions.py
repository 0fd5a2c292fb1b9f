"""The session engine: rows in the caisse's own schema, found by a hash that only this caisse makes."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, OperationalError
from django.utils.crypto import constant_time_compare, get_random_string

from core.accounts.levels import level_of
from core.accounts.models import Session
from core.accounts.policy import sign_in_policy
from core.kernel import clock
from tenants.scope import CaisseRef, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KEY_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
KEY_LENGTH = 40
METHODS_KEY = "account_authentication_methods"
TOUCH_SECONDS = 60
ANONYMOUS_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a session is used from, as its owner will see it in her list of devices."""

    ip_prefix: str = ""
    device: str = ""
    device_key: str = ""


class SessionStore(SessionBase):
    """One browser's session at one caisse. Without a caisse (the platform's pages) nothing is kept.

    ``counts_as_activity`` may be set to False by a page that only polls, so that a forgotten
    window does not keep a session alive.
    """

    def __init__(
        self, session_key: str | None = None, *, caisse: CaisseRef | None = None, origin: Origin | None = None
    ) -> None:
        super().__init__(session_key)
        self.caisse = caisse
        self.origin = origin or Origin()
        self.row: Session | None = None
        self.counts_as_activity = True
        self.unreadable = False

    def load(self) -> dict[str, Any]:
        """Return the session's contents with one query; a dead or foreign key starts afresh."""
        if self.unreadable:
            return {}
        row = self._find_row()
        if row is None:
            self._session_key = None
            return {}
        self.row = row
        return dict(row.data)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Open a scope to read in. Where the database is away, the error passes through once.

        The page that then says so finds an empty session, which is neither written nor ended.
        """
        try:
            with tenant_transaction(self._bound_caisse()):
                yield
        except OperationalError:
            self.unreadable = True
            raise

    def exists(self, session_key: str) -> bool:
        """Whether the key is taken."""
        if self.caisse is None:
            return False
        with tenant_transaction(self.caisse):
            return Session.objects.filter(key_hash=self._hash(session_key)).exists()

    def create(self) -> None:
        """Start a row of its own under a new key."""
        self.keys()  # the contents are read while the old key still leads to them
        self._session_key = new_key()
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 -- Django's signature
        """Write the contents in a scope of its own; raises ``UpdateError`` if it was ended meanwhile."""
        if self.caisse is None:
            return
        if self.session_key is None:
            self.create()
            return
        values = self._values(dict(self.items()))
        try:
            with tenant_transaction(self.caisse):
                self._insert(values) if must_create else self._update(values)
        except IntegrityError as error:
            if must_create:
                raise CreateError from error
            raise

    def cycle_key(self) -> None:
        """Go on under a new key; the old one is dead at once. Called at each rise of privilege."""
        self.keys()  # the contents are read while the old key still leads to them
        old = self.session_key
        self._session_key = None
        self.modified = True
        if old is None or self.caisse is None:
            return
        new = new_key()
        with tenant_transaction(self.caisse):
            live = Session.objects.filter(key_hash=self._hash(old), ended_at__isnull=True)
            if live.update(key_hash=self._hash(new)):
                self._session_key = new

    def adopt(self, key: str) -> None:
        """Go on with a session whose row was made already; the cookie follows with the answer."""
        self._session_key = key
        self.__dict__.pop("_session_cache", None)
        self.row = None
        self.modified = True

    def delete(self, session_key: str | None = None) -> None:
        """End the session: a signed-in one stays as history, an anonymous one is removed."""
        key = session_key or self.session_key
        if key is None or self.caisse is None:
            return
        with tenant_transaction(self.caisse):
            rows = Session.objects.filter(key_hash=self._hash(key), ended_at__isnull=True)
            rows.filter(user__isnull=False).update(ended_at=clock.now(), end_reason="signed_out", data={})
            rows.filter(user__isnull=True).delete()
        self.row = None

    def touch(self) -> None:
        """Note that the session is in use, once a minute at most."""
        if self.row is None or self.caisse is None or not self.counts_as_activity:
            return
        now = clock.now()
        if now - self.row.last_seen_at < timedelta(seconds=TOUCH_SECONDS):
            return
        with tenant_transaction(self.caisse):
            live = Session.objects.filter(id=self.row.id, ended_at__isnull=True)
            live.update(last_seen_at=now, idle_until=self._idle_until(now, signed_in=self.row.user_id is not None))

    @classmethod
    def clear_expired(cls) -> None:
        """Do nothing: expired rows are removed caisse by caisse, see ``remove_expired``."""

    def _find_row(self) -> Session | None:
        if self.caisse is None or self.session_key is None:
            return None
        now = clock.now()
        with self.reading():
            row = (
                Session.objects.select_related("user__staff", "support")
                .filter(key_hash=self._hash(self.session_key), ended_at__isnull=True)
                .filter(idle_until__gt=now, expires_at__gt=now)
                .first()
            )
        return row if row is not None and _is_trustworthy(row) else None

    def _values(self, data: dict[str, Any]) -> dict[str, Any]:
        now = clock.now()
        user_id = UUID(data[SESSION_KEY]) if SESSION_KEY in data else None
        methods = [record["method"] for record in data.get(METHODS_KEY, [])] if user_id else []
        values: dict[str, Any] = {
            "key_hash": self._hash(str(self.session_key)),
            "data": data,
            "user_id": user_id,
            "methods": methods,
            "assurance_level": level_of(methods),
            "last_seen_at": now,
            "idle_until": self._idle_until(now, signed_in=user_id is not None),
            "ip_prefix": self.origin.ip_prefix,
            "device": self.origin.device,
            "device_key": self.origin.device_key,
        }
        if self.row is None or self.row.user_id != user_id:
            values["expires_at"] = self._expires_at(now, signed_in=user_id is not None)
            values["signed_in_at"] = now if user_id else None
        return values

    def _insert(self, values: dict[str, Any]) -> None:
        self.row = Session.objects.create(created_at=clock.now(), **values)

    def _update(self, values: dict[str, Any]) -> None:
        live = Session.objects.filter(key_hash=values["key_hash"], ended_at__isnull=True)
        if not live.update(**values):
            raise UpdateError

    def _idle_until(self, now: datetime, *, signed_in: bool) -> datetime:
        minutes = sign_in_policy(self._bound_caisse()).session_idle_minutes if signed_in else ANONYMOUS_MINUTES
        return now + timedelta(minutes=minutes)

    def _expires_at(self, now: datetime, *, signed_in: bool) -> datetime:
        if not signed_in:
            return now + timedelta(minutes=ANONYMOUS_MINUTES)
        return now + timedelta(hours=sign_in_policy(self._bound_caisse()).session_hours)

    def _bound_caisse(self) -> CaisseRef:
        if self.caisse is None:
            message = "a session without a caisse is never stored"
            raise RuntimeError(message)
        return self.caisse

    def _hash(self, key: str) -> str:
        return hash_key(self._bound_caisse(), key)


def hash_key(caisse: CaisseRef, key: str) -> str:
    """Return what is stored of a session's key; the caisse's id in it binds the session to her."""
    return hashlib.sha256(f"{caisse.id}:{key}".encode()).hexdigest()


def end_sessions(user_ids: Iterable[UUID], *, reason: str, keep: UUID | None = None) -> int:
    """End all live sessions of these users at once, but for the one to ``keep``; return how many.

    A request that is already running finishes; the next one finds nobody signed in.
    """
    live = Session.objects.filter(user_id__in=list(user_ids), ended_at__isnull=True)
    if keep is not None:
        live = live.exclude(id=keep)
    return live.update(ended_at=clock.now(), end_reason=reason, data={})


def remove_expired(days: int = 365) -> int:
    """Delete anonymous rows that ran out, and history older than ``days``; return how many."""
    now = clock.now()
    anonymous, _ = Session.objects.filter(user__isnull=True, expires_at__lt=now).delete()
    old, _ = Session.objects.filter(expires_at__lt=now - timedelta(days=days)).delete()
    return anonymous + old


def _is_trustworthy(row: Session) -> bool:
    """Whether the row's user may still use it: active, with the password she signed in with, her support granted."""
    if row.user is None:
        return True
    if row.support is not None and not row.support.is_running(clock.now()):
        return False
    signed_with = str(row.data.get(HASH_SESSION_KEY, ""))
    return row.user.is_active and constant_time_compare(signed_with, row.user.get_session_auth_hash())


def new_key() -> str:
    """Return a random key for a session's cookie."""
    return get_random_string(KEY_LENGTH, KEY_CHARACTERS)
