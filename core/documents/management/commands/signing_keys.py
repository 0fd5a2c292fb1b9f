"""``manage.py signing_keys``: create, rotate, revoke and publish the keys that sign receipts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from core.documents.evidence import keys, signing

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Look after the file that the setting ``SIGNING_KEY_FILE`` names."""

    help = "Create, rotate or revoke the keys that sign receipts, or print the public trust list."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("create", help="make the file with a first key; an existing file is kept")
        actions.add_parser("rotate", help="retire the active key and let a new one sign")
        actions.add_parser("trust-list", help="print the public list as JSON")
        revoke = actions.add_parser("revoke", help="stop trusting a retired key, as after a theft")
        revoke.add_argument("key_id")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        try:
            self.stdout.write(self._act(options["action"], options.get("key_id", "")))
        except keys.KeyFileUnusable as error:
            raise CommandError(str(error)) from error

    def _act(self, action: str, key_id: str) -> str:
        path = signing.key_file()
        if action == "create":
            return f"active key {keys.create_key_file(path).active.id} in {path}"
        if action == "rotate":
            return f"active key {keys.rotate_key_file(path).active.id}; restart nothing, it is read again"
        if action == "revoke":
            keys.revoke_key(path, key_id)
            return f"key {key_id} is revoked"
        return json.dumps(signing.trust_list(), indent=1)
