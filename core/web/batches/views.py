"""Where files for many clients are handed in, and what was handed in lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from core.configuration import configuration
from core.configuration.sections import IntakeSection
from core.kernel.errors import Conflict, InvalidInput, Unavailable
from core.messaging.batches.receiving import list_batch_types, start_batch
from core.messaging.batches.selectors import list_batches
from core.web.batches.wording import describe_batch
from core.web.me.access.views import actor_of
from core.web.policies import person
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@person
@require_http_methods(["GET", "POST"])
def start(request: PortalRequest, user: User) -> HttpResponse:
    """Choose what the files declare, and the files."""
    if request.method != "POST":
        return _page(request, user)
    try:
        batch = start_batch(
            caisse=request.caisse,
            actor=actor_of(request, user),
            type_key=request.POST.get("type", ""),
            uploads=request.FILES.getlist("files"),
            language=get_language() or "fr",
        )
    except (InvalidInput, Conflict, Unavailable) as error:
        return _page(request, user, error)
    return redirect("batch", batch_id=batch.id)


def _page(request: PortalRequest, user: User, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        types = list_batch_types(user.id)
        batches = [describe_batch(one) for one in list_batches(user.id)]
    context = {
        "types": [(one.key, gettext(one.title)) for one in types],
        "chosen": request.POST.get("type", types[0].key if len(types) == 1 else ""),
        "batches": batches,
        "megabytes": configuration.get(request.caisse, IntakeSection).upload_megabytes,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/batches/list.html", context, status=error.status if error else 200)
