"""Reports in words, for every page that shows one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts.incidents import words

if TYPE_CHECKING:
    from core.accounts.models import Incident


def list_kinds() -> list[tuple[str, str]]:
    """Return what can be reported, as one says it oneself."""
    return [(kind, gettext(label)) for kind, label in words.KINDS.items()]


def describe(incident: Incident) -> dict[str, Any]:
    """Return one report for a page."""
    return {
        "incident": incident,
        "title": gettext(words.TITLES[incident.kind]),
        "state_label": gettext(words.STATES[incident.state]),
        "chip": words.CHIPS[incident.state],
        "proof": gettext(words.PROOFS[incident.proof]),
        "outcome": gettext(words.OUTCOMES[incident.outcome]) if incident.outcome else "",
        "whence": ", ".join(filter(None, [incident.device, incident.place])),
    }
