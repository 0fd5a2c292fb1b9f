"""The console's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from core.web.console.menu import Group, list_groups

if TYPE_CHECKING:
    from core.web.console.menu import Entry

register = template.Library()


@register.simple_tag
def list_section_groups() -> list[Group]:
    """Return what the console shows by group."""
    return list_groups()


@register.simple_tag(takes_context=True)
def is_here(context: dict[str, Any], entry: Entry) -> bool:
    """Whether the page shown belongs to an entry of the menu."""
    match, kind = context["request"].resolver_match, context.get("kind")
    return entry.is_here(match.url_name or "" if match else "", getattr(kind, "key", ""))
