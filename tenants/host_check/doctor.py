"""What the doctor says of a caisse's addresses: the last look at each, its certificate's end, and its age."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel import clock
from core.kernel.text import N_
from tenants import doctor, hosts
from tenants.doctor import Check, Finding
from tenants.host_check.services import CHECKED_EVERY, list_checks, tell
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from tenants.host_check.services import Told
    from tenants.reference import CaisseRef

_WHERE = N_("The operators' console says for each address what to do.")


def register() -> None:
    """Add the check."""
    doctor.register(Check("hosts", N_("Addresses and certificates"), _look, needs_schema=False))


def _look(caisse: CaisseRef) -> Finding:
    with platform_transaction():
        kept = list_checks(caisse)
    names = {(one.host, one.path_prefix): f"{one.host}/{one.path_prefix}".rstrip("/") for one in _addresses(caisse)}
    told = {name: tell(kept[place]) for place, name in names.items() if place in kept}
    if bad := _named(told, "bad"):
        return Finding("bad", N_("Addresses that do not lead here: %(addresses)s."), _WHERE, {"addresses": bad})
    if ending := _named(told, "warning"):
        seen = N_("Addresses whose certificate ends within three weeks: %(addresses)s.")
        return Finding("warning", seen, _WHERE, {"addresses": ending})
    old = clock.now() - 2 * CHECKED_EVERY
    if unseen := [name for name in names.values() if name not in told or told[name].check.checked_at < old]:
        seen = N_("Addresses that nobody looked at for two days: %(addresses)s.")
        advice = N_("The scheduler has this done once a day; check that it runs.")
        return Finding("warning", seen, advice, {"addresses": ", ".join(unseen)})
    return Finding("ok", N_("%(count)s addresses lead to this caisse."), fields={"count": len(names)})


def _addresses(caisse: CaisseRef) -> tuple[hosts.Address, ...]:
    return hosts.get_entry(caisse).addresses


def _named(told: dict[str, Told], level: str) -> str:
    return ", ".join(name for name, one in told.items() if one.level == level)
