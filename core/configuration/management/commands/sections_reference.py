"""``manage.py sections_reference``: writes docs/reference/sections.md from the declarations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.configuration.reference import write_reference


class Command(BaseCommand):
    """Write the reference page of all sections."""

    help = "Write docs/reference/sections.md from the sections' declarations."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write the page; repeating it changes nothing."""
        page = settings.BASE_DIR / "docs" / "reference" / "sections.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(write_reference(), encoding="utf-8")
        self.stdout.write(f"{page} is written.")
