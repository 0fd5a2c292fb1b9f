"""The console's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext

from core.operator.jobs.pages import page_of
from core.operator.menu import list_groups

if TYPE_CHECKING:
    from core.operator.menu import MenuGroup
    from tenants.jobs.models import PlatformJob

register = template.Library()


@register.simple_tag(takes_context=True)
def operator_menu(context: dict[str, Any]) -> list[MenuGroup]:
    """Return the menu, with the page on which the reader is."""
    match = context["request"].resolver_match
    return list_groups((match.url_name or "") if match else "")


@register.filter
def job_title(job: PlatformJob) -> str:
    """Return in words what a job does."""
    return gettext(page_of(job).title) % {"slug": job.slug}
