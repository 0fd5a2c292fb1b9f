"""``manage.py rights_reference``: writes docs/reference/rights.md from the registries."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.web.rights_reference import write_reference


class Command(BaseCommand):
    """Write the reference page of rights."""

    help = "Write docs/reference/rights.md from roles, situations, steps and pages."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write the page; repeating it changes nothing."""
        page = settings.BASE_DIR / "docs" / "reference" / "rights.md"
        page.write_text(write_reference(), encoding="utf-8")
        self.stdout.write(f"{page} is written.")
