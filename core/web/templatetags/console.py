"""The console's menu."""

from __future__ import annotations

from django import template

from core.web.console.menu import Group, list_groups

register = template.Library()


@register.simple_tag
def list_section_groups() -> list[Group]:
    """Return the sections of the console by group."""
    return list_groups()
