"""Makes the cast at one caisse, as production has no demo; run as a program with production's settings."""

from __future__ import annotations

import sys

import django


def main() -> None:
    """Make the cast of the caisse that the argument names."""
    django.setup()
    from infra.demo.cast import make_cast
    from tenants import hosts
    from tenants.scope import tenant_transaction

    [caisse] = [entry.ref for entry in hosts.list_entries() if entry.ref.slug == sys.argv[1]]
    with tenant_transaction(caisse):
        make_cast()


if __name__ == "__main__":
    main()
