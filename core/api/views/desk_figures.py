"""The desk's statistics by REST."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api import schemas
from core.api.base import ApiView
from core.messaging.desk_figures import Figures, Period, PeriodUnusable, get_figures
from core.messaging.desk_settings import today_at_desk

if TYPE_CHECKING:
    from rest_framework.request import Request

YEAR = timedelta(days=364)


class StatisticsView(ApiView):
    """Volumes, age of the queue, time to close, rules."""

    for_desk = True

    @extend_schema(
        operation_id="desk_statistics",
        parameters=[
            OpenApiParameter("since", date),
            OpenApiParameter("until", date),
            OpenApiParameter("theme", str),
        ],
        responses=schemas.Statistics,
    )
    def get(self, request: Request) -> Response:
        """Return the figures of the caller's themes; without days those of the last twelve months."""
        params = request.query_params
        figures = self.read(lambda: self._figures(params.get("since"), params.get("until"), params.get("theme")))
        body = asdict(figures)
        body |= {"since": figures.period.since, "until": figures.period.until}
        return Response({name: value for name, value in body.items() if name != "period"})

    def _figures(self, since: str | None, until: str | None, theme: str | None) -> Figures:
        try:
            last = date.fromisoformat(until) if until else today_at_desk()
            first = date.fromisoformat(since) if since else last - YEAR
        except ValueError:
            raise PeriodUnusable from None
        return get_figures(self.actor, Period(first, last), theme=theme)
