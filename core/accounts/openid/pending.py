"""An account at the provider that was proved and waits to be linked by its holder's own hand, for some minutes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from core.accounts.levels import CERTIFICATE, PASSKEY, PASSWORD
from core.accounts.openid.flow import WAIT, Proof
from core.accounts.sessions import METHODS_KEY
from core.kernel import clock

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

KEY = "openid_pending"
_OWN_MEANS = frozenset({PASSWORD, PASSKEY, CERTIFICATE})


def keep(session: SessionBase, proof: Proof) -> None:
    """Keep a proof in this browser's session."""
    session[KEY] = {"proof": asdict(proof), "at": clock.now().timestamp()}


def find(session: SessionBase, issuer: str) -> Proof | None:
    """Return what waits, if it is young and the provider still the same."""
    kept = session.get(KEY)
    if kept is None or clock.now().timestamp() - kept["at"] > WAIT.total_seconds():
        return None
    proof = Proof(**kept["proof"])
    return proof if proof.issuer == issuer else None


def drop(session: SessionBase) -> None:
    """Forget it."""
    session.pop(KEY, None)


def is_in_by_own_means(session: SessionBase) -> bool:
    """Whether this sign-in used what the account has of its own, and not the provider's word alone."""
    return any(one["method"] in _OWN_MEANS for one in session.get(METHODS_KEY, []))
