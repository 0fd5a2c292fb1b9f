"""Run as a program: fills the template database with the platform and the two caisses."""

from __future__ import annotations

import django
from django.core.management import call_command

CAISSES = ("ak26", "ak99")


def main() -> None:
    """Use the commands that an operator uses, in one process."""
    django.setup()
    call_command("platform", "init")
    for slug in CAISSES:
        call_command("caisse", "create", slug, "--preset", "avs")


if __name__ == "__main__":
    main()
