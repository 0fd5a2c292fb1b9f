"""Choosing a second factor before a first sign-in is through: SMS where the caisse has it, and what else it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts.factors import first
from core.accounts.policy import list_factors, sign_in_policy

if TYPE_CHECKING:
    from core.accounts.models import User
    from core.web.requests import PortalRequest

SMS = "sms"


def offers_sms(request: PortalRequest) -> bool:
    """Whether the caisse takes a code by SMS for a second factor."""
    return SMS in list_factors(sign_in_policy(request.caisse))


def describe_choice(request: PortalRequest, user: User) -> dict[str, Any]:
    """Return what the page shows: the chosen way with its form where it is no SMS, and the others to choose from."""
    others, with_sms = first.list_first(request.caisse), offers_sms(request)
    wanted = request.POST.get("way") or request.GET.get("way", "")
    chosen = next((one for one in others if one.factor.name == wanted), None)
    if chosen is None and not with_sms and others:
        chosen = others[0]
    context: dict[str, Any] = {
        "with_sms": with_sms,
        "others": [(one.factor.name, gettext(one.factor.label)) for one in others if one != chosen],
        "typed": request.POST.get("mobile", ""),
    }
    if chosen is None:
        return context
    shown = chosen.describe(request, request.caisse, user)
    label = gettext(chosen.factor.label)
    return context | shown | {"way": chosen.factor.name, "way_template": chosen.template, "label": label}
