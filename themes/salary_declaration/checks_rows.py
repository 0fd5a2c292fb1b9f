"""Checks that look at one row at a time, as expressions over the whole frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from core.intake.findings import amount_text, hits
from themes.salary_declaration import rules
from themes.salary_declaration.prepared import DAYS_IN_YEAR, MONTHS, of_age, with_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from themes.salary_declaration.prepared import Prepared


def check_rows(given: Prepared) -> Iterator[pl.DataFrame]:
    """Yield the findings of checks 1, 3, 5 to 10, 12 and 17."""
    yield from _identity(given)
    yield from _periods(given)
    yield from _young(given)
    yield from _reference_age(given)
    yield from _unemployment(given)
    yield from _wages(given)
    yield from _cantons(given)


def _identity(given: Prepared) -> Iterator[pl.DataFrame]:
    yield hits(given.frame, pl.col("ahv_number").is_null(), rules.NUMBER_UNKNOWN, "ahv_number")


def _periods(given: Prepared) -> Iterator[pl.DataFrame]:
    frame, first, until = given.frame, pl.col("first"), pl.col("until")
    shown = {"first": day_text("first"), "until": day_text("until")}
    reversed_ = until < first
    outside = (first.dt.year() != given.year) | (until.dt.year() != given.year)
    yield hits(frame, outside & ~reversed_, rules.PERIOD_OUTSIDE, "period_from", **shown, year=pl.lit(str(given.year)))
    yield hits(frame, reversed_, rules.PERIOD_REVERSED, "period_until", **shown)
    early = pl.col("period_from").is_not_null() & (first < pl.col("entry_date"))
    entry = day_text("entry_date")
    yield hits(frame, early, rules.PERIOD_BEFORE_ENTRY, "period_from", first=shown["first"], entry=entry)
    late = pl.col("period_until").is_not_null() & (until > pl.col("exit_date"))
    yield hits(frame, late, rules.PERIOD_AFTER_EXIT, "period_until", until=shown["until"], exit=day_text("exit_date"))


def _young(given: Prepared) -> Iterator[pl.DataFrame]:
    age = given.figures.duty_after_birthday
    if age is not None:
        birth_year = pl.col("birth_date").dt.year()
        paid = (pl.col("ahv_income").fill_null(0) > 0) | (pl.col("alv_income").fill_null(0) > 0)
        where = (birth_year + age >= given.year) & paid
        params = {"age": pl.lit(age), "birth_year": birth_year.cast(pl.String)}
        yield hits(given.frame, where, rules.BELOW_DUTY, "ahv_income", **params)


def _reference_age(given: Prepared) -> Iterator[pl.DataFrame]:
    frame, reached = of_age(given), pl.col("reached")
    yield from _allowance(given, frame)
    month = {"month": month_text("reached")}
    after = pl.col("first_month") > reached
    within = (pl.col("first_month") <= reached) & (reached < pl.col("last_month"))
    alv_paid = pl.col("alv_income").fill_null(0) > 0
    paid = alv_paid | (pl.col("ahv_income").fill_null(0) != 0)
    yield hits(frame, after & alv_paid, rules.ALV_AFTER_AGE, "alv_income", **month)
    yield hits(frame, within & paid, rules.AGE_WITHIN_PERIOD, "period_until", **month)
    before = pl.col("last_month") <= reached
    yield hits(frame, before & (pl.col("ahv_open").fill_null(0) > 0), rules.OPEN_BEFORE_AGE, "ahv_open", **month)


def _allowance(given: Prepared, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    allowance = given.figures.allowance_month
    if allowance is None:
        return
    after = pl.col("first_month") > pl.col("reached")
    limit = (pl.col("last_month") - pl.col("first_month") + 1) * allowance
    open_ = pl.col("ahv_open").fill_null(0)
    params = {"amount": amount_text(open_), "limit": amount_text(limit.cast(pl.Int64))}
    yield hits(frame, after & (open_ > limit), rules.ALLOWANCE_TOO_HIGH, "ahv_open", **params)
    silent = after & (open_ == 0) & ~pl.col("allowance_waived").fill_null(value=False) & (pl.col("ahv_income") > 0)
    yield hits(frame, silent, rules.ALLOWANCE_NOT_STATED, "ahv_open", month=month_text("reached"))


def _unemployment(given: Prepared) -> Iterator[pl.DataFrame]:
    frame, alv, ahv = given.frame, pl.col("alv_income"), pl.col("ahv_income").fill_null(0)
    above = (alv > ahv) & (alv > 0)
    yield hits(frame, above, rules.ALV_ABOVE_AHV, "alv_income", amount=amount_text(alv), limit=amount_text(ahv))
    ceiling = given.figures.ceiling_year
    if ceiling is not None:
        limit = ceiling_for(pl.col("days"), ceiling)
        params = {"amount": amount_text(alv), "limit": amount_text(limit), "days": pl.col("days")}
        partly = pl.col("period_from").is_not_null() | pl.col("period_until").is_not_null()
        possible = with_days(frame.filter((alv > ceiling) | (partly & (alv > 0))))
        # Of persons with several rows the sum counts (check 16).
        alone = ~pl.col("person").is_in(given.several.get_column("person").implode())
        yield hits(possible.filter(alv > limit), alone, rules.ALV_ABOVE_CEILING, "alv_income", **params)
    if given.figures.solidarity_percent == 0:
        yield hits(
            frame, pl.col("alvz_income") > 0, rules.SOLIDARITY_ABOLISHED, "alvz_income", year=pl.lit(str(given.year))
        )


def _wages(given: Prepared) -> Iterator[pl.DataFrame]:
    frame, ahv = given.frame, pl.col("ahv_income")
    minor = given.figures.minor_wage
    if minor is not None:
        params = {"amount": amount_text(ahv.fill_null(0)), "limit": pl.lit(f"{minor // 100}.{minor % 100:02d}")}
        more = given.several.group_by("person").agg(ahv.sum()).filter(ahv > minor).get_column("person")
        small = frame.filter(ahv.is_between(1, minor))
        yield hits(small, ~pl.col("person").is_in(more.implode()), rules.MINOR_WAGE, "ahv_income", **params)
    split = pl.col("previous_year").is_not_null() | pl.col("previous_income").is_not_null()
    for name in ("ahv_income", "alv_income", "fak_income"):
        where = (pl.col(name) < 0) & ~split
        yield hits(frame, where, rules.NEGATIVE_WAGE, name, amount=amount_text(pl.col(name)))
    nothing = pl.all_horizontal(
        pl.col(name).is_null() for name in ("ahv_income", "fak_income", "ahv_open", "previous_income")
    )
    yield hits(frame, nothing, rules.ROW_WITHOUT_WAGE, "ahv_income")


def _cantons(given: Prepared) -> Iterator[pl.DataFrame]:
    frame, canton = given.frame, pl.col("canton")
    due = pl.coalesce("fak_income", "ahv_income").fill_null(0) != 0
    yield hits(frame, canton.is_null() & due, rules.CANTON_MISSING, "canton")
    party = given.context.get("party") or {}
    known = [str(region) for region in party.get("regions") or ()]
    if known:
        yield hits(frame, ~canton.is_in(known), rules.CANTON_UNUSUAL, "canton", canton=canton)


def ceiling_for(days: pl.Expr, ceiling_year: int) -> pl.Expr:
    """Return the ceiling in cents for days of a year of 360, rounded up to a whole franc's hundredth."""
    return ((days * ceiling_year + DAYS_IN_YEAR - 1) // DAYS_IN_YEAR).cast(pl.Int64)


def day_text(column: str) -> pl.Expr:
    """Return a day as it stands in params: ISO."""
    return pl.col(column).dt.to_string("iso")


def month_text(column: str) -> pl.Expr:
    """Return a month counted from year 0 as ``2025-04``."""
    month = pl.col(column)
    return pl.concat_str(
        (month // MONTHS).cast(pl.String), pl.lit("-"), (month % MONTHS + 1).cast(pl.String).str.zfill(2)
    )
