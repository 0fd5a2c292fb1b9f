"""Operators within a support access: each page is recorded, nothing is changed, nothing leaves without leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.accounts.support.selectors import list_running
from core.audit.services import record
from core.kernel.errors import NotFound, NotPermitted
from tenants.models import Operator
from tenants.scope import platform_transaction, tenant_transaction

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import SupportGrant
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

# Pages that are searched by POST, since names belong in no address. All other POSTs change something.
SEARCHED = frozenset({"desk_parties", "desk_rows", "desk_search", "console_people", "desk_incidents"})
# What hands documents or lists over.
_TAKES_AWAY = ("document", "receipt", "export", "proposal")


class DocumentsNotGranted(NotPermitted):
    """The caisse has granted this support access without documents and exports."""

    code = "documents_not_granted"


@dataclass(frozen=True, slots=True)
class SupportBanner:
    """A support access that runs, as every page of desk and console says it; ``own`` on the operator's own pages."""

    operator: str
    purpose: str
    until: datetime
    with_documents: bool
    own: bool


def watch(request: PortalRequest, actor: Actor, grant: SupportGrant) -> None:
    """Record the page that is opened; raises ``not_found`` for a change, ``documents_not_granted``.

    An operator whom the platform has blocked meanwhile finds nothing any more.
    """
    with platform_transaction():
        if not Operator.objects.filter(email__iexact=grant.operator_email, state=Operator.States.ACTIVE).exists():
            raise NotFound
    page = (request.resolver_match.url_name if request.resolver_match else "") or ""
    if request.method not in {"GET", "HEAD"} and page not in SEARCHED:
        raise NotFound
    refused = not grant.with_documents and any(word in page for word in _TAKES_AWAY)
    about = request.resolver_match.kwargs if request.resolver_match else {}
    data = {"page": page, **{name: str(value)[:80] for name, value in about.items()}}
    if refused:
        data["refused"] = "documents"
    with tenant_transaction(request.caisse):
        record(actor=actor, action="support_page_opened", object_type="support", object_id=grant.id, data=data)
    if refused:
        raise DocumentsNotGranted


def list_banners(request: PortalRequest) -> tuple[SupportBanner, ...]:
    """Return the accesses that run, within the caller's scope; an operator sees her own only."""
    own = request.identity.support
    shown = [own] if own is not None else list_running()
    return tuple(
        SupportBanner(one.operator_email, one.purpose, one.valid_until, one.with_documents, own is not None)
        for one in shown
        if one.valid_until is not None
    )
