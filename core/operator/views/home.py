"""The console's first page: what runs on this platform at a glance; other rooms add their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.operator.overview import list_parts
from core.operator.policies import operator

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest


@operator
@require_safe
def show(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """Show the parts in their order."""
    parts = [(part.template, part.read(actor)) for part in list_parts()]
    context = {name: value for _template, read in parts for name, value in read.items()}
    return render(request, "operator/home.html", {"parts": [template for template, _read in parts]} | context)
