"""The addresses of a caisse beside its slug: checked, unique, announced to every process."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction

from core.kernel import clock
from tenants import revisions
from tenants.errors import (
    AddressExists,
    AddressUnknown,
    HostMalformed,
    HostOfPlatform,
    HostTaken,
    PathPrefixNotAllowed,
)
from tenants.models import Caisse, Host
from tenants.naming import is_host, is_path_prefix

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from tenants.reference import CaisseRef

AddressPair = tuple[str, str]
# Four numbers, or one: browsers and resolvers read both as an IP address.
_IP_ADDRESS = re.compile(r"(?:[0-9.]+|.*\.[0-9]+|(?:.*\.)?0x[0-9a-f]*)\Z")


def parse_address(text: str) -> AddressPair:
    """Return host and path prefix of ``host`` or ``host/prefix``; a scheme is left out. Raises ``HostNotAllowed``."""
    plain = text.strip().lower().removeprefix("https://").removeprefix("http://")
    host, _slash, prefix = plain.rstrip("/").partition("/")
    check_addresses([(host, prefix)])
    return host, prefix


def check_addresses(addresses: Iterable[AddressPair]) -> None:
    """Raise a ``HostNotAllowed`` that says why, for what is no address or belongs to the platform."""
    for host, prefix in addresses:
        _check_address(host, prefix)


def _check_address(host: str, prefix: str) -> None:
    shown = f"{host}/{prefix}".rstrip("/")
    if not is_host(host) or _IP_ADDRESS.match(host):
        raise HostMalformed(host=shown[:100])
    if prefix and not is_path_prefix(prefix):
        raise PathPrefixNotAllowed(host=shown)
    if not prefix and (host == settings.PLATFORM_DOMAIN or _below_platform(host)):
        raise HostOfPlatform(host=shown)


def _below_platform(host: str) -> str:
    """Return what stands before the platform's domain, or nothing for another domain."""
    before, domain, after = host.rpartition(f".{settings.PLATFORM_DOMAIN}")
    return before if domain and not after else ""


def replace_addresses(caisse: CaisseRef, addresses: Iterable[AddressPair], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Give the caisse exactly these addresses, the first as its primary one, and announce it.

    Within a platform scope (or the provisioner's transaction). Raises ``HostTaken``.
    """
    write_addresses(caisse, addresses, using=using)
    revisions.bump(revisions.HOSTS, using=using)


def add_address(*, caisse: CaisseRef, text: str) -> Host:
    """Give a caisse one more address and announce it. Raises ``HostNotAllowed``, ``HostTaken``, ``AddressExists``."""
    host, prefix = parse_address(text)
    if Host.objects.filter(caisse_id=caisse.id, host=host, path_prefix=prefix).exists():
        raise AddressExists(host=text.strip())
    row = _insert(caisse, host, prefix, is_primary=False, using=DEFAULT_DB_ALIAS)
    revisions.bump(revisions.HOSTS)
    return row


def choose_primary(*, caisse: CaisseRef, address_id: UUID | None) -> None:
    """Let links lead to an address from now on, or with None to the one by the slug. Repeatable."""
    _lock_addresses_of(caisse)
    own = Host.objects.filter(caisse_id=caisse.id)
    if address_id and not own.filter(pk=address_id).exists():
        raise AddressUnknown
    own.filter(is_primary=True).update(is_primary=False)
    if address_id:
        own.filter(pk=address_id).update(is_primary=True)
    revisions.bump(revisions.HOSTS)


def remove_address(*, caisse: CaisseRef, address_id: UUID) -> str:
    """Take an address away and return it; was it the primary one, links lead to the one by the slug again."""
    row = Host.objects.filter(caisse_id=caisse.id, pk=address_id).first()
    if row is None or not Host.objects.filter(pk=row.pk).delete()[0]:
        raise AddressUnknown
    revisions.bump(revisions.HOSTS)
    return str(row).rstrip("/")


def write_addresses(caisse: CaisseRef, addresses: Iterable[AddressPair], *, using: str) -> None:
    """Do the same as ``replace_addresses`` without announcing it, for a caisse that nobody can reach yet."""
    Host.objects.using(using).filter(caisse_id=caisse.id).delete()
    for position, (host, prefix) in enumerate(dict.fromkeys(addresses)):
        _insert(caisse, host, prefix, is_primary=position == 0, using=using)


def _insert(caisse: CaisseRef, host: str, prefix: str, *, is_primary: bool, using: str) -> Host:
    row = Host(host=host, path_prefix=prefix, caisse_id=caisse.id, is_primary=is_primary, created_at=clock.now())
    _lock(f"relais host {host}", using)
    if find_holder(host, prefix, but=caisse.id, using=using):
        raise HostTaken(host=str(row).rstrip("/"))
    try:
        with transaction.atomic(using=using):
            row.save(using=using, force_insert=True)
    except IntegrityError as error:
        raise HostTaken(host=str(row).rstrip("/")) from error
    return row


def find_holder(host: str, prefix: str, *, but: str = "", using: str = DEFAULT_DB_ALIAS) -> str:
    """Return the id of another caisse that has an address which this one equals, hides, or is hidden by.

    A host is one caisse's alone, or shared by path prefixes: half of it would lie under the other's pages.
    """
    others = Host.objects.using(using).filter(host=host).exclude(caisse_id=but)
    clashing = others.filter(path_prefix__in=["", prefix]) if prefix else others
    found = clashing.values_list("caisse_id", flat=True).first()
    if not found and (slug := _below_platform(host)):
        found = Caisse.objects.using(using).filter(slug=slug).exclude(pk=but).values_list("pk", flat=True).first()
    return found or ""


def is_slug_shared(slug: str, *, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether the host that a slug would have is shared by path prefixes already."""
    return Host.objects.using(using).filter(host=f"{slug}.{settings.PLATFORM_DOMAIN}").exists()


def _lock_addresses_of(caisse: CaisseRef) -> None:
    _lock(f"relais addresses {caisse.id}", DEFAULT_DB_ALIAS)


def _lock(name: str, using: str) -> None:
    """Let one transaction at a time decide; until it ends."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [name])
