"""What a device needs, and a check of the reader's own; the check runs in her browser and nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.configuration import configuration
from core.configuration.sections import IntakeSection, LegalSection, RequirementsSection
from core.configuration.speaking import choose_words
from core.kernel import clock
from core.web.policies import public

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest


@public
@never_cache
@require_GET
def show(request: PortalRequest) -> HttpResponse:
    """The needs as a list that can be read without script; with script each is judged."""
    caisse = request.caisse
    context = {
        "needs": configuration.get(caisse, RequirementsSection),
        "upload_megabytes": configuration.get(caisse, IntakeSection).upload_megabytes,
        "text": choose_words(caisse, configuration.get(caisse, LegalSection).requirements, request.LANGUAGE_CODE),
        "now": clock.now().isoformat(timespec="milliseconds"),
    }
    return render(request, "web/requirements.html", context)
