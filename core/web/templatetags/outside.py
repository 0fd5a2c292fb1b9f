"""Template tag of the sign-in page: the ways in that somebody outside vouches for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext

from core.accounts.openid.provider import settings_of
from core.accounts.outside import certificates

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


@register.simple_tag(takes_context=True)
def list_outside_ways(context: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return label and address of each way that the caisse offers beside the password; from memory."""
    caisse = getattr(context.get("request"), "caisse", None)
    if caisse is None:
        return []
    found, openid = [], settings_of(caisse)
    if openid.is_offered:
        label = gettext("Sign in with %(name)s") % {"name": openid.name}
        found.append({"label": label, "url": reverse("sign_in_openid")})
    if certificates.is_offered(caisse):
        found.append({"label": gettext("Sign in by certificate"), "url": reverse("sign_in_certificate")})
    return found
