"""The trail of mandates, and the mails on them: both sides' administrators learn that something changed, not what."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext

from core.accounts.models import Membership
from core.accounts.policy import caisse_today
from core.audit.services import record
from core.kernel.text import N_
from core.notices.services import send_mail
from core.notices.texts import Notice, declare
from tenants.portal import portal_url
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from core.accounts.models import Mandate, Party
    from core.kernel.actors import Actor
    from core.kernel.issues import Scalar
    from core.kernel.text import Text

_NOTHING: Mapping[str, Scalar] = MappingProxyType({})
ASKED = declare(
    Notice(
        code="mandates.asked",
        title=N_("A mandate is asked for (mail)"),
        subject=N_("%(caisse)s: a mandate is asked for"),
        body=N_(
            "Good day\n\nSomebody asks %(party)s for a mandate: to act in the portal of %(caisse)s for another, or "
            "to be acted for. An administrator of yours accepts or refuses it after signing in:\n\n%(link)s\n\nNobody "
            "at %(caisse)s will ever ask you for your password.\n\n%(caisse)s"
        ),
        fields=frozenset({"party", "link"}),
    )
)
CHANGED = declare(
    Notice(
        code="mandates.changed",
        title=N_("A mandate has changed (mail)"),
        subject=N_("%(caisse)s: a mandate has changed"),
        body=N_(
            "Good day\n\n%(party)s: %(change)s You see the details in the portal of %(caisse)s after signing in:\n\n"
            "%(link)s\n\nIf this surprises you, end the mandate there or tell us. Nobody at %(caisse)s will ever ask "
            "you for your password.\n\n%(caisse)s"
        ),
        fields=frozenset({"party", "change", "link"}),
    )
)
GIVEN = N_("a mandate has come into being.")
REFUSED = N_("a mandate that was asked for has been refused.")
ALTERED = N_("a mandate has been changed.")
ENDED = N_("a mandate has ended.")
PAUSED = N_("a mandate pauses, since nobody has confirmed it. Once confirmed it holds again as before.")
REVIEW = N_("a mandate waits for its yearly confirmation. Without it the mandate pauses.")
RUNS_OUT = N_("a mandate runs out soon. If it is to go on, enter a later last day.")


def note(actor: Actor, action: str, mandate: Mandate, data: Mapping[str, Scalar] = _NOTHING) -> None:
    """Write down what was done with a mandate; both sides find it in its history."""
    record(
        actor=actor,
        action=action,
        object_type="mandate",
        object_id=mandate.id,
        for_party_id=mandate.for_party_id,
        data=data,
    )


def tell_both(mandate: Mandate, change: Text) -> None:
    """Write to the administrators of both sides, within the caller's scope."""
    for party in (mandate.acting_party, mandate.for_party):
        tell_party(party, CHANGED, change)


def tell_party(party: Party, notice: Notice, change: Text | None = None) -> None:
    """Write to a party's administrators who have an address, each in her language."""
    link = f"{portal_url(current_caisse())}{mandates_path(party.id)}"
    for to, language in _list_administrators(party.id):
        fields = {"party": party.name, "link": link}
        if change is not None:
            with translation.override(language):
                fields["change"] = gettext(change)
        send_mail(notice=notice, to=to, language=language, fields=fields)


def mandates_path(party_id: UUID) -> str:
    """Return where a party keeps its mandates, below the portal's address."""
    return f"/p/{party_id}/company/mandates/"


def _list_administrators(party_id: UUID) -> list[tuple[str, str]]:
    today = caisse_today(current_caisse())
    found = Membership.objects.filter(
        party_id=party_id,
        role="administrator",
        ended_at__isnull=True,
        paused_at__isnull=True,
        valid_from__lte=today,
        user__state="active",
        user__contact_email__gt="",
    ).exclude(valid_until__lt=today)
    listed = found.values_list("user__contact_email", "user__language").distinct().order_by("user__contact_email")
    return [(str(address), language) for address, language in listed]
