"""The mails on an end: to the party, its administrators, and those who act for it, each in her language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from core.accounts.memberships.telling import list_administrators
from core.accounts.models import Mandate
from core.accounts.policy import caisse_language
from core.kernel.text import N_
from core.notices.services import send_mail
from core.notices.texts import Notice, declare
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from core.accounts.models import PartyEnding
    from core.kernel.text import Text

Stage = Literal["announced", "running", "done", "cancelled"]
ENDING = declare(
    Notice(
        code="accounts.party_ending",
        title=N_("The access of a party ends (mail)"),
        subject=N_("Your access to the portal of %(caisse)s"),
        body=N_(
            "Good day\n\nThis concerns %(company)s in the portal of %(caisse)s.\n\n%(what)s\n\nIf this surprises "
            "you, please tell us.\n\nNobody at %(caisse)s will ever ask you for your password or for a code.\n\n"
            "%(caisse)s"
        ),
        fields=frozenset({"company", "what"}),
    )
)
_SAVE = N_("Until then an administrator can save all documents in the portal under “Company and access”, “Renounce”.")
_TEXTS: dict[tuple[str, Stage], Text] = {
    ("affiliation", "announced"): N_("From %(effect)s you only read there; on %(end)s the access ends."),
    ("renunciation", "announced"): N_(
        "We have received your renunciation. From %(effect)s nothing new begins; on %(end)s the access ends."
    ),
    ("exclusion", "announced"): N_("The access is withdrawn on %(effect)s. Reason: %(reason)s"),
    ("affiliation", "running"): N_("The affiliation has ended. You still read there until the access ends on %(end)s."),
    ("renunciation", "running"): N_("Your renunciation holds now. You still read there until %(end)s."),
    ("suspension", "running"): N_("The access is suspended until further notice. Reason: %(reason)s"),
    ("affiliation", "done"): N_("The access has ended."),
    ("renunciation", "done"): N_("Your renunciation holds now; the access has ended."),
    ("exclusion", "done"): N_("The access was withdrawn. Reason: %(reason)s"),
    ("death", "done"): N_("We were told of a death. The access and the mandates have ended; we write to the heirs."),
}
_THEMES: dict[Stage, Text] = {
    "announced": N_("We have received your renunciation for some themes. From %(effect)s nothing new begins in them."),
    "done": N_("Your renunciation for some themes holds now. What is there you still read."),
}
_TAKEN_BACK: Text = N_("An end or a rest of the access that was entered has been taken back.")


def tell(ending: PartyEnding, stage: Stage) -> None:
    """Write to all concerned, within the caller's scope; each address once."""
    text = _text_of(ending, stage)
    if text is None:
        return
    for to, language in _list_concerned(ending).items():
        with translation.override(language):
            what = gettext(text) % _fields(ending)
            if stage == "announced" and ending.themes is None and ending.kind != "exclusion":
                what = f"{what}\n\n{gettext(_SAVE)}"
        send_mail(notice=ENDING, to=to, language=language, fields={"company": ending.party.name, "what": what})


def _text_of(ending: PartyEnding, stage: Stage) -> Text | None:
    if stage == "cancelled":
        return _TAKEN_BACK
    return _THEMES.get(stage) if ending.themes is not None else _TEXTS.get((ending.kind, stage))


def _fields(ending: PartyEnding) -> dict[str, str]:
    return {
        "effect": date_format(ending.takes_effect_on, "DATE_FORMAT"),
        "end": date_format(ending.ends_on, "DATE_FORMAT"),
        "reason": ending.reason,
    }


def _list_concerned(ending: PartyEnding) -> dict[str, str]:
    """Return address and language of the party, its administrators, and of those who act for it."""
    party, caisse = ending.party, current_caisse()
    # Of a death her own address is not written to: somebody else reads it.
    found = {party.contact_email: party.language} if party.contact_email and ending.kind != "death" else {}
    acting = Mandate.objects.filter(for_party_id=party.id, state="accepted").exclude(acting_party_id=party.id)
    parties = [*([] if ending.kind == "death" else [party.id]), *acting.values_list("acting_party_id", flat=True)]
    for one in parties:
        found |= {str(user.contact_email): user.language for user in list_administrators(one)}
    return {to: caisse_language(caisse, language) for to, language in found.items()}
