"""The console's page on what the caisse may use of the platform, and how much of it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from core.configuration import configuration
from core.configuration.sections import SmsSection
from core.declare.display import show_size
from core.documents import storage
from core.kernel.text import N_
from core.notices import budget
from core.web.policies import console
from tenants.quotas import WARN_PERCENT, get_quotas, percent_of
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.kernel.text import Text
    from core.web.requests import PortalRequest
    from tenants.scope import CaisseRef

FULL = 100
LABELS: dict[str, tuple[Text, Text]] = {
    "storage_bytes": (N_("Storage, in GiB"), N_("When it is full, new uploads are refused; nothing is deleted.")),
    "sms_per_hour": (N_("SMS per hour"), N_("The lower of this and the caisse's own budget holds.")),
    "sms_per_day": (N_("SMS per day"), N_("The lower of this and the caisse's own budget holds.")),
    "uploads_at_once": (N_("Files read at once"), N_("Further files wait for their turn.")),
    "api_per_minute": (N_("Calls of programs per minute"), N_("Further calls are told when to come back.")),
    "background_share": (N_("Effects at once"), N_("How many workers may serve this caisse at the same moment.")),
}


@dataclass(frozen=True, slots=True)
class Use:
    """One limit in words; ``percent`` is None where nothing is counted."""

    label: str
    help: str
    holds: str
    used: str = ""
    percent: int | None = None

    @property
    def chip(self) -> str:
        """How the use looks."""
        return chip_of(self.percent)


def chip_of(percent: int | None) -> str:
    """Return the look of a use: a warning from 80 per cent on."""
    if percent is None or percent < WARN_PERCENT:
        return "ok"
    return "stop" if percent >= FULL else "warn"


@console
@require_GET
def show(request: PortalRequest, _actor: Actor) -> HttpResponse:
    """Every limit of the caisse, set by the platform's operator, with what is used of it now."""
    uses = _read_uses(request.caisse)
    warned = [one for one in uses if one.percent is not None and one.percent >= WARN_PERCENT]
    return render(request, "web/console/usage.html", {"uses": uses, "warned": warned})


def _read_uses(caisse: CaisseRef) -> list[Use]:
    with tenant_transaction(caisse):
        stored = storage.get_stored()
        sms_hour, sms_day = budget.get_spent()
    quotas, (_, when_full) = get_quotas(caisse), LABELS["storage_bytes"]
    sms_limit = min(quotas.sms_per_day, configuration.get(caisse, SmsSection).daily_limit)
    language = get_language() or "en"
    return [
        Use(
            gettext("Storage"),
            gettext(when_full),
            show_size(quotas.storage_bytes, language),
            show_size(stored.size_bytes, language),
            percent_of(stored.size_bytes, quotas.storage_bytes),
        ),
        _counted("sms_per_hour", quotas.sms_per_hour, sms_hour),
        _counted("sms_per_day", sms_limit, sms_day),
        _told("uploads_at_once", quotas.uploads_at_once),
        _told("api_per_minute", quotas.api_per_minute),
        _told("background_share", quotas.background_share),
    ]


def _counted(name: str, holds: int, used: int) -> Use:
    label, help_text = LABELS[name]
    return Use(gettext(label), gettext(help_text), str(holds), str(used), percent_of(used, holds))


def _told(name: str, holds: int) -> Use:
    label, help_text = LABELS[name]
    return Use(gettext(label), gettext(help_text), str(holds))
