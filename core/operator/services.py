"""What operators do to their own sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.operator.audit import record_act
from core.operator.policies import actor_of
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from core.operator.sessions import OperatorSessionStore


def sign_out_here(*, session: OperatorSessionStore) -> None:
    """End this session; repeatable."""
    signed_in = session.operator
    if signed_in is None:
        return
    with platform_transaction():
        record_act(actor=actor_of(signed_in, session.level), action="signed_out")
        session.end()
