"""What this room looks at in a caisse: her key for exports, and when the last export was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.policy import caisse_day
from core.kernel.text import N_, Text
from core.transfer.keys import get_public_key
from core.transfer.selectors import list_traces
from tenants import doctor
from tenants.doctor import Check, Finding
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from tenants.reference import CaisseRef


def register() -> None:
    """Add the check of this room."""
    doctor.register(Check("export", N_("Last export"), _look_at_export))


def _look_at_export(caisse: CaisseRef) -> Finding:
    with tenant_transaction(caisse):
        last = next(iter(list_traces(["caisse_exported"])), None)
    advice = (
        Text("") if get_public_key(caisse) else N_("The caisse can give its own key for it under “Key for exports”.")
    )
    if last is None:
        return Finding("ok", N_("No export of the whole caisse has been made yet."), advice)
    fields: dict[str, str | int] = {"day": caisse_day(caisse, last.at).isoformat()}
    return Finding("ok", N_("The last export of the whole caisse was made on %(day)s."), advice, fields)
