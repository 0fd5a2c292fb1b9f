"""This room's parts of a caisse's page: state, versions, health, usage, limits, jobs, acts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.configuration import configuration
from core.configuration.registry import list_sections
from core.kernel import clock
from core.operator.audit import list_actions
from core.operator.caisses.charts import draw_moments
from core.operator.caisses.limits import build_fields
from core.operator.caisses.parts import CaissePart, add_caisse_part
from core.operator.jobs.listing import describe
from core.operator.models import Act
from core.operator.samples import reading
from core.operator.samples.reading import PERIODS
from core.operator.samples.standing import REASONS
from core.operator.views.caisse import PERIOD_LABELS
from tenants import examining
from tenants.jobs.selectors import list_jobs_of
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from core.operator.caisses.parts import View

ACTS_SHOWN, JOBS_SHOWN = 20, 5


def read_state(view: View) -> dict[str, Any]:
    """Read state and attention."""
    with platform_transaction():
        standing = reading.get_standing(view.caisse.id)
    reasons = [(gettext(REASONS[one].label), REASONS[one].weight) for one in (standing.reasons if standing else [])]
    return {"standing": standing, "reasons": reasons, "is_current": _is_current(view)}


def _is_current(view: View) -> bool | None:
    return None if view.caisse.state == "provisioning" else examining.is_current(view.caisse.ref)


def read_versions(view: View) -> dict[str, Any]:
    """Read the number of each section's version, never its contents."""
    if not _is_current(view):
        return {"versions": []}
    known = configuration.load(view.caisse.ref).versions
    return {"versions": [(gettext(kind.title), known.get(kind.key, 0)) for kind in list_sections()]}


def read_health(view: View) -> dict[str, Any]:
    """Read and draw the figures over the period that was chosen."""
    period = view.asked.get("period", "2d")
    period = period if period in PERIODS else "2d"
    with platform_transaction():
        moments = reading.list_moments(view.caisse.id, period)
    periods = [(name, gettext(PERIOD_LABELS[name]), name == period) for name in PERIODS]
    return {"charts": draw_moments(moments) if moments else [], "periods": periods}


def read_usage(view: View) -> dict[str, Any]:
    """Read the months of the last year."""
    today = clock.now().date()
    with platform_transaction():
        usage = reading.list_usage(
            since=today.replace(year=today.year - 1, day=1), until=today + timedelta(days=1), caisse_id=view.caisse.id
        )
    return {"usage": usage}


def read_limits(view: View) -> dict[str, Any]:
    """Read the limits and how much of them is used."""
    with platform_transaction():
        return {"limit_fields": build_fields(view.caisse, reading.get_standing(view.caisse.id), {})}


def read_jobs(view: View) -> dict[str, Any]:
    """Read the last jobs on the caisse as a whole."""
    with platform_transaction():
        found = list_jobs_of(view.caisse.ref, limit=JOBS_SHOWN)
    return {"last_jobs": [describe(one) for one in found]}


def read_acts(view: View) -> dict[str, Any]:
    """Read what operators did to this caisse."""
    labels = list_actions()
    with platform_transaction():
        found = list(Act.objects.filter(caisse_id=view.caisse.id).order_by("-at", "-id")[:ACTS_SHOWN])
    return {"caisse_acts": [(gettext(labels.get(one.action, one.action)), one) for one in found]}


for _order, (_name, _read) in enumerate(
    {
        "state": read_state,
        "health": read_health,
        "usage": read_usage,
        "limits": read_limits,
        "versions": read_versions,
        "jobs": read_jobs,
        "acts": read_acts,
    }.items()
):
    add_caisse_part(CaissePart(f"operator/caisse/_{_name}.html", _read, order=10 + 10 * _order))
