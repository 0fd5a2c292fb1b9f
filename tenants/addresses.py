"""The addresses of a caisse beside its slug: checked, unique, announced to every process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, IntegrityError

from core.kernel import clock
from tenants import revisions
from tenants.errors import HostNotAllowed, HostTaken
from tenants.models import Host
from tenants.naming import is_host, is_path_prefix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.reference import CaisseRef

AddressPair = tuple[str, str]


def parse_address(text: str) -> AddressPair:
    """Return host and path prefix of ``host`` or ``host/prefix``. Raises ``HostNotAllowed``."""
    host, _slash, prefix = text.strip().lower().rstrip("/").partition("/")
    check_addresses([(host, prefix)])
    return host, prefix


def check_addresses(addresses: Iterable[AddressPair]) -> None:
    """Raise ``HostNotAllowed`` for what is no address or belongs to the platform."""
    for host, prefix in addresses:
        own = host == settings.PLATFORM_DOMAIN or host.endswith(f".{settings.PLATFORM_DOMAIN}")
        if not is_host(host) or (prefix and not is_path_prefix(prefix)) or (own and not prefix):
            raise HostNotAllowed(host=f"{host}/{prefix}".rstrip("/"))


def replace_addresses(caisse: CaisseRef, addresses: Iterable[AddressPair], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Give the caisse exactly these addresses, the first as its primary one, and announce it.

    Within a platform scope (or the provisioner's transaction). Raises ``HostTaken``.
    """
    write_addresses(caisse, addresses, using=using)
    revisions.bump(revisions.HOSTS, using=using)


def write_addresses(caisse: CaisseRef, addresses: Iterable[AddressPair], *, using: str) -> None:
    """Do the same without announcing it, for a caisse that nobody can reach yet."""
    hosts = Host.objects.using(using)
    hosts.filter(caisse_id=caisse.id).delete()
    for position, (host, prefix) in enumerate(dict.fromkeys(addresses)):
        row = Host(host=host, path_prefix=prefix, caisse_id=caisse.id, is_primary=position == 0, created_at=clock.now())
        try:
            row.save(using=using, force_insert=True)
        except IntegrityError as error:
            raise HostTaken(host=str(row).rstrip("/")) from error
