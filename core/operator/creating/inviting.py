"""The step that invites a new caisse's first administrator: once, however often the making is taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.accounts.invitations import invite_staff
from core.accounts.models import StaffMember
from core.kernel.actors import Actor
from core.kernel.text import N_
from tenants import registration
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.registration import Job


def register() -> None:
    """Join the steps, after the configuration: the invitation speaks its languages and bears its name."""
    registration.register_step(registration.Step("first_administrator", N_("first administrator"), invite, order=90))


def invite(job: Job) -> None:
    """Invite whom the order names, in one transaction with the mail or letter; nobody where it names nobody.

    The one who asked stands in the caisse's own trail as the operator who did this.
    """
    person: Mapping[str, Any] = job.request.options.get("administrator") or {}
    if not person:
        return
    with tenant_transaction(job.caisse):
        if StaffMember.objects.exists():
            return  # a run that was killed had got so far
        invite_staff(
            actor=Actor(kind="operator", name=job.request.options.get("asked_by") or "operator"),
            given_name=person["given_name"],
            family_name=person["family_name"],
            email=person["email"],
            roles=["administrator"],
            language=person["language"],
            by=person["by"],
            address=person.get("lines", []),
        )
