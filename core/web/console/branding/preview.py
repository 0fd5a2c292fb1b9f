"""The frame in which a look is tried: a real page with sample contents, which can neither run nor send anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csp.constants import SELF
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST
from pydantic import ValidationError

from core.configuration.colours import READABLE, contrast, is_colour, nearest_readable
from core.configuration.sections import PAPER, BrandingSection
from core.web.console.branding.samples import SAMPLES
from core.web.console.faults import describe_faults
from core.web.console.forms import build_form
from core.web.console.reading import read_form
from core.web.policies import console

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@console
@require_POST
@xframe_options_sameorigin
def show(request: PortalRequest, _actor: Actor) -> HttpResponse:
    """The page that was chosen, under what stands in the form; nothing of it is kept.

    What cannot be shown is said in the frame, with the reason.
    """
    entered = read_form(BrandingSection, request)
    try:
        branding = BrandingSection.model_validate(entered)
    except ValidationError as error:
        controls = build_form(BrandingSection, entered, describe_faults(error))
        faulty = [one for control in controls for one in control.walk() if one.fault]
        response = render(request, "web/console/branding/refused.html", {"faulty": faulty}, status=422)
    else:
        sample = SAMPLES.get(request.POST.get("preview_page", ""), SAMPLES["dashboard"])
        response = render(request, *sample.build(request, branding))
    response._csp_replace = {"sandbox": [], "frame-ancestors": [SELF]}  # type: ignore[attr-defined]  # django-csp's way
    return response


@console
@require_GET
def judge(request: PortalRequest, _actor: Actor) -> HttpResponse:
    """How readable a colour is on white, and the nearest one that is; empty for what is no colour."""
    wanted = {name: str(value) for name, value in request.GET.items() if is_colour(str(value))}
    if len(wanted) != 1:
        return HttpResponse()
    name, colour = wanted.popitem()
    ratio = contrast(colour, PAPER)
    context = {
        "field": f"field-{name.replace('.', '-')}",
        "colour": colour,
        "ratio": f"{ratio:.1f}",
        "needed": READABLE,
        "nearest": "" if ratio >= READABLE else nearest_readable(colour, PAPER),
    }
    return render(request, "web/console/branding/contrast.html", context)
