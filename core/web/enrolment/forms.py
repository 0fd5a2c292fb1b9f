"""The fields of an application as a page shows them: the applicant, the legal representative, the delegates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts.names import COMPANIES
from core.configuration import configuration
from core.enrolment.entries import list_fields, list_people, person_fields
from core.enrolment.section import EnrolmentSection
from core.kernel.text import N_
from core.web.fields import FormView, build_fieldset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.enrolment.models import Application
    from core.web.fields import FieldsetView
    from tenants.scope import CaisseRef

# Further delegates unfold below; the first one is always there.
SHOWN = 1
# By whether it is a company, and whether a clerk fills it in.
_TITLES = {
    (True, False): N_("Your company"),
    (False, False): N_("You"),
    (True, True): N_("The company"),
    (False, True): N_("The person"),
}


def build_details(
    caisse: CaisseRef, party_kind: str, entries: Mapping[str, Any], *, show_missing: bool, at_desk: bool = False
) -> dict[str, Any]:
    """Return the form of the details: what is always shown, and further delegates to unfold.

    ``at_desk`` a clerk fills it in for somebody else.
    """
    company = party_kind in COMPANIES
    own = build_fieldset(
        list_fields(caisse, party_kind),
        entries,
        title=gettext(_TITLES[company, at_desk]),
        show_missing=show_missing,
    )
    if not company:
        return {"form": FormView((own,)), "further": FormView(())}
    section = configuration.get(caisse, EnrolmentSection)
    shown = [own]
    if section.legal_representative:
        shown.append(_representative(caisse, entries, show_missing=show_missing))
    delegates = [
        _delegate(caisse, number, entries, show_missing=show_missing) for number in range(1, section.most_delegates + 1)
    ]
    return {
        "form": FormView((*shown, *delegates[:SHOWN])),
        "further": FormView(tuple(delegates[SHOWN:])),
        "unfold": any(entries.get(f"delegate-{number}-family_name") for number in range(2, 11)),
    }


def entries_of(application: Application) -> dict[str, str]:
    """Return what an application holds as the entries of its form."""
    entries = {"name": application.name, "email": application.email, **application.facts}
    number = 0
    for one in list_people(application.people):
        if one.role == "person":
            entries |= {"given_name": one.given_name, "family_name": one.family_name}
            continue
        number += one.role == "delegate"
        prefix = f"delegate-{number}-" if one.role == "delegate" else "representative-"
        for name in ("given_name", "family_name", "email", "mobile"):
            entries[f"{prefix}{name}"] = getattr(one, name)
    return entries


def _representative(caisse: CaisseRef, entries: Mapping[str, Any], *, show_missing: bool) -> FieldsetView:
    return build_fieldset(
        person_fields(caisse, mobile=False),
        entries,
        title=gettext("Legal representative"),
        help_text=gettext("She gets a copy by letter, without any password."),
        prefix="representative-",
        show_missing=show_missing,
    )


def _delegate(caisse: CaisseRef, number: int, entries: Mapping[str, Any], *, show_missing: bool) -> FieldsetView:
    prefix = f"delegate-{number}-"
    kinds = person_fields(caisse)
    begun = number == 1 or any(str(entries.get(f"{prefix}{name}") or "").strip() for name in kinds)
    first = gettext("This person may later let others in and spread the themes.") if number == 1 else ""
    return build_fieldset(
        kinds,
        entries,
        title=gettext("Delegate %(number)s") % {"number": number},
        help_text=first,
        prefix=prefix,
        show_missing=show_missing and begun,
    )
