"""Acts for a company, and openings of a person's data, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts.incidents.selectors import Marks
from core.accounts.models import Party
from core.kernel.text import N_
from core.messaging.models import Message
from core.messaging.presentation import reference_of, title_of
from core.web.acts import name_act

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from core.audit.models import Entry

_OPENED = {
    "message": N_("Case opened"),
    "document": N_("Document opened"),
    "party": N_("File opened"),
}
_REASONS = {
    "file": N_("without a case, such as a question on the telephone"),
    "document": N_("a document of the dossier, without a case"),
}


def describe_acts(rows: list[Entry]) -> list[dict[str, Any]]:
    """Return acts for the list; one query each for the companies that acted, the cases concerned and the reports."""
    acting = {one.acting_party_id for one in rows if one.acting_party_id}
    names: dict[UUID | None, str] = dict(Party.objects.filter(id__in=acting).values_list("id", "name"))
    cases = _name_cases(one.object_id for one in rows if one.object_type == "message")
    marks = Marks(one.user_id for one in rows)
    return [
        _describe_act(one, marks)
        | {"company": names.get(one.acting_party_id, ""), "case": cases.get(one.object_id, "")}
        for one in rows
    ]


def _describe_act(entry: Entry, marks: Marks) -> dict[str, Any]:
    mark = marks.find(entry.user_id, entry.at)
    side = gettext("after report %(reference)s") if mark and mark.is_after else gettext("before report %(reference)s")
    return {
        "at": entry.at,
        "actor": entry.actor_name,
        "label": name_act(entry),
        "detail": gettext("by a program") if entry.token_id else "",
        "mark": mark,
        "marked": side % {"reference": mark.reference} if mark else "",
        "message_id": entry.object_id if entry.object_type == "message" else "",
    }


def describe_opening(rows: list[Entry]) -> list[dict[str, Any]]:
    """Return openings for the list; one query for the cases that were their reason."""
    cases = _name_cases(str(one.data["case"]) for one in rows if "case" in one.data)
    return [
        {
            "at": one.at,
            "actor": one.actor_name,
            "label": gettext(_OPENED[one.object_type]),
            "reason": cases.get(str(one.data.get("case", ""))) or gettext(_REASONS.get(str(one.data["reason"]), "")),
            "is_support": one.actor_kind == "operator",
        }
        for one in rows
    ]


def _name_cases(ids: Iterable[str | None]) -> dict[str | None, str]:
    found = Message.objects.select_related("party").filter(id__in=set(ids))
    return {str(one.id): f"{title_of(one)} ({reference_of(one)})" for one in found}
