"""The addresses of a caisse with what the last look found at each, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from tenants.host_check.services import list_checks, tell
from tenants.models import Host
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.operator.caisses.parts import View
    from tenants.host_check.services import Told
    from tenants.models import Caisse


def read_part(view: View) -> dict[str, Any]:
    """Read what the caisse's page shows of its addresses."""
    with platform_transaction():
        return {"address_rows": list_rows(view.caisse)}


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One address. ``id`` is None for the one by the short name, which each caisse has and keeps."""

    id: UUID | None
    host: str
    path_prefix: str
    is_primary: bool
    told: Told | None

    @property
    def text(self) -> str:
        """The address as people write it."""
        return f"{self.host}/{self.path_prefix}".rstrip("/")


def list_rows(caisse: Caisse) -> list[AddressRow]:
    """Return the addresses, the one by the short name first; two queries, in a platform scope."""
    hosts = list(Host.objects.filter(caisse_id=caisse.id).order_by("created_at", "id"))
    checks = list_checks(caisse.ref)
    own = (None, f"{caisse.slug}.{settings.PLATFORM_DOMAIN}", "", not any(one.is_primary for one in hosts))
    found = [own, *((one.id, one.host, one.path_prefix, one.is_primary) for one in hosts)]
    rows = []
    for identity, host, prefix, is_primary in found:
        check = checks.get((host, prefix))
        rows.append(AddressRow(identity, host, prefix, is_primary, tell(check) if check else None))
    return rows
