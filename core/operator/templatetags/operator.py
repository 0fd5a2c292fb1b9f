"""The console's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from core.operator.menu import list_groups

if TYPE_CHECKING:
    from core.operator.menu import MenuGroup

register = template.Library()


@register.simple_tag(takes_context=True)
def operator_menu(context: dict[str, Any]) -> list[MenuGroup]:
    """Return the menu, with the page on which the reader is."""
    match = context["request"].resolver_match
    return list_groups((match.url_name or "") if match else "")
