"""Statistics of the desk: charts with their tables, and the same figures as a workbook."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from core.catalogue import registry
from core.declare.display import show_date
from core.declare.faults import get_fault, is_fault
from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import InvalidInput
from core.messaging import desk_figures
from core.messaging.desk_figures import AGES, Figures, Period, get_figures
from core.messaging.desk_settings import today_at_desk
from core.web.charts.figures import Chart, draw_bars, draw_columns, gather
from core.web.context import theme_name
from core.web.policies import desk
from core.web.views.desk_case import in_words
from core.web.views.desk_queue import list_readable_themes
from core.web.views.downloads import many_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.messaging.desk_figures import RuleCount
    from core.web.requests import PortalRequest

SPANS = (90, 365, 730)


@desk
@require_GET
def statistics(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Volumes, age of what waits, time to close, and rules, over a period."""
    themes = [(one.slug, theme_name(request.caisse, one)) for one in list_readable_themes(request, actor)]
    theme, refusal = _theme(request, themes), None
    with tenant_transaction(request.caisse):
        today = today_at_desk()
        try:
            period = read_period(request.GET, today)
        except InvalidInput as error:
            refusal, period = error, _last(today, SPANS[1])
        figures = get_figures(actor, period, theme=theme or None)
    context = {
        "charts": list_charts(figures, dict(themes)),
        "period": period,
        "theme": theme,
        "themes": themes,
        "spans": [(_span_label(days), _last(today, days)) for days in SPANS],
        "refusal": in_words(refusal) if refusal else "",
    }
    return render(request, "web/desk/statistics.html", context, status=refusal.status if refusal else 200)


@desk
@require_GET
def export(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The figures as a workbook, one sheet for each chart."""
    themes = [(one.slug, theme_name(request.caisse, one)) for one in list_readable_themes(request, actor)]
    with tenant_transaction(request.caisse):
        period = read_period(request.GET, today_at_desk())
        figures = get_figures(actor, period, theme=_theme(request, themes) or None)
    sheets = [
        (one.title, [ListColumn(head, width=40 if not place else 18) for place, head in enumerate(one.heads)], one.rows)
        for one in list_charts(figures, dict(themes))
    ]
    return many_workbook(sheets, filename="statistics.xlsx")


def read_period(asked: Mapping[str, str], today: date) -> Period:
    """Return the period that is asked for, the last twelve months where none is."""
    texts = [asked.get(name, "") for name in ("since", "until")]
    if not any(texts):
        return _last(today, SPANS[1])
    try:
        since, until = (date.fromisoformat(text) for text in texts)
    except ValueError:
        raise desk_figures.PeriodUnusable from None
    return Period(since, until)


def _last(today: date, days: int) -> Period:
    return Period(today - timedelta(days=days - 1), today)


def _span_label(days: int) -> str:
    months = days // 30
    return ngettext("Last %(n)s month", "Last %(n)s months", months) % {"n": months}


def _theme(request: PortalRequest, themes: list[tuple[str, str]]) -> str:
    asked = request.GET.get("theme", "")
    return asked if asked in dict(themes) else ""


def list_charts(figures: Figures, themes: dict[str, str]) -> list[Chart]:
    """Return the four charts with words for every key."""
    return [
        _volumes(figures, themes),
        _ages(figures, themes),
        _closings(figures, themes),
        _rules(figures.rules),
    ]


def _name(figures: Figures, key: str, themes: dict[str, str]) -> str:
    if not figures.by_type:
        return themes.get(key, key)
    return next((gettext(one.title) for one in registry.list_all_types() if one.key == key), key)


def _volumes(figures: Figures, themes: dict[str, str]) -> Chart:
    buckets = figures.period.list_buckets()
    counts: dict[str, list[int]] = {}
    for one in figures.volumes:
        counts.setdefault(one.key, [0] * len(buckets))[buckets.index(one.bucket)] += one.n
    by_week = figures.period.by_week
    names = [show_date(one) if by_week else date_format(one, "N Y") for one in buckets]
    series = gather([(_name(figures, key, themes), values) for key, values in counts.items()], gettext("Others"))
    totals = [sum(values[place] for values in counts.values()) for place in range(len(buckets))]
    total, most = sum(totals), max(totals, default=0)
    summary = gettext("No message arrived in this period.")
    if total:
        summary = gettext("Messages received: %(n)s, most of them in: %(name)s (%(most)s).") % {
            "n": total, "name": names[totals.index(most)], "most": most,
        }  # fmt: skip
    over = gettext("Week from") if by_week else gettext("Month")
    return draw_columns(
        key="volumes", title=gettext("Messages received"), summary=summary, over=over, names=names, series=series
    )


def _ages(figures: Figures, themes: dict[str, str]) -> Chart:
    steps = _age_steps()
    waiting = sum(sum(one.counts) for one in figures.ages)
    old = sum(sum(one.counts[3:]) for one in figures.ages)
    summary = gettext("Nothing waits at the desk.")
    if waiting:
        summary = gettext("Cases that wait today: %(n)s, for more than %(days)s days: %(old)s.") % {
            "n": waiting, "old": old, "days": AGES[2],
        }  # fmt: skip
    named = [(_name(figures, one.key, themes), one.counts) for one in figures.ages]
    return draw_bars(
        key="ages",
        title=gettext("Age of the queue today"),
        summary=summary,
        heads=(gettext("Kind") if figures.by_type else gettext("Theme"), *steps, "Σ"),
        lines=[(name, list(enumerate(counts)), str(sum(counts))) for name, counts in named],
        legend=steps,
        rows=[(name, *map(str, counts), str(sum(counts))) for name, counts in named],
    )


def _age_steps() -> list[str]:
    begins = [0, *(days + 1 for days in AGES)]
    steps = [
        gettext("%(first)s to %(last)s days") % {"first": first, "last": last}
        for first, last in zip(begins, AGES, strict=False)
    ]
    return [*steps, gettext("over %(days)s days") % {"days": AGES[-1]}]


def _closings(figures: Figures, themes: dict[str, str]) -> Chart:
    named = [(_name(figures, one.key, themes), one) for one in figures.closings]
    summary = gettext("No case was closed in this period.")
    if named:
        name, slowest = max(named, key=lambda pair: pair[1].ninth)
        summary = gettext("Closed cases: %(n)s. Longest: %(name)s, nine of ten within %(days)s days.") % {
            "n": sum(one.n for _name, one in named), "name": name, "days": _days(slowest.ninth),
        }  # fmt: skip
    legend = [gettext("Half of the cases"), gettext("Nine of ten")]
    return draw_bars(
        key="closings",
        title=gettext("Days from arrival to close"),
        summary=summary,
        heads=(gettext("Kind") if figures.by_type else gettext("Theme"), gettext("Closed cases"), *legend),
        lines=[
            (name, [(0, one.median), (1, one.ninth - one.median)], f"{_days(one.median)} / {_days(one.ninth)}")
            for name, one in named
        ],
        legend=legend,
        rows=[(name, str(one.n), _days(one.median), _days(one.ninth)) for name, one in named],
    )


def _days(value: float) -> str:
    return str(number_format(value, 1))


def _rules(rules: list[RuleCount]) -> Chart:
    summary = gettext("No rule asked for attention in this period.")
    if rules:
        first = rules[0]
        summary = gettext("Most often: %(rule)s (hits: %(n)s, messages: %(messages)s).") % {
            "rule": _rule_title(first), "n": first.n, "messages": first.messages,
        }  # fmt: skip
    legend = [gettext("With a reason"), gettext("No reason asked for")]
    return draw_bars(
        key="rules",
        title=gettext("Rules that were hit most"),
        summary=summary,
        heads=(gettext("Rule"), gettext("Hits"), gettext("Messages"), gettext("With a reason"), gettext("Share")),
        lines=[(_rule_title(one), [(0, one.justified), (1, one.n - one.justified)], _hits(one)) for one in rules],
        legend=legend,
        rows=[
            (f"{_rule_title(one)} ({one.code})", str(one.n), str(one.messages), str(one.justified), _share(one))
            for one in rules
        ],
    )


def _hits(one: RuleCount) -> str:
    share = _share(one)
    return f"{one.n} ({share})" if share != "–" else str(one.n)


def _share(one: RuleCount) -> str:
    return f"{100 * one.justified / one.n:.0f}\u00a0%" if one.asks else "–"


def _rule_title(one: RuleCount) -> str:
    """Return a rule in words; what it says of single values is left out."""
    rule = get_fault(one.code) if is_fault(one.code) else None
    for message_type in registry.list_all_types():
        if rule is None and message_type.key == one.type_key:
            rule = message_type.rules.get(one.code)
    return gettext(rule.title).split(": %(")[0] % _Blank() if rule else one.code


class _Blank(dict[str, str]):
    """Stands for the values of a single finding, which a count over many does not have."""

    def __missing__(self, key: str) -> str:
        return "…"
