"""What a person finds of her answers to the terms in her own data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.accounts.own import data
from core.terms.models import Answer

if TYPE_CHECKING:
    from core.accounts.models import User


def register() -> None:
    """Add them."""
    data.register(collect_answers)


def collect_answers(user: User) -> dict[str, Any]:
    """Return every answer that a person gave, the newest first."""
    given = Answer.objects.filter(user=user).select_related("party", "version").order_by("-at", "-id")
    return {
        "terms": [
            {
                "at": one.at.isoformat(),
                "company": one.party.name,
                "answer": one.kind,
                "version": one.version.number,
                "language": one.language,
                "sha256": one.sha256,
            }
            for one in given[: data.MOST_ENTRIES]
        ]
    }
