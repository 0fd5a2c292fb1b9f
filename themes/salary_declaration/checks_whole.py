"""Checks of the whole list: stated totals, last year, announcements, insurers, "no wages"."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import polars as pl

from core.declare.declaration import kinds_of
from core.intake.findings import hits, of_rule, show_cents
from themes.salary_declaration import rules
from themes.salary_declaration.checks_rows import day_text
from themes.salary_declaration.declaration import SalaryDeclaration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from themes.salary_declaration.prepared import Prepared

STATED = {
    "stated_ahv": "ahv_income",
    "stated_ahv_open": "ahv_open",
    "stated_alv": "alv_income",
    "stated_alv_open": "alv_open",
    "stated_alvz": "alvz_income",
}
COUNTED = {"stated_ahv_entries": "ahv_income", "stated_fak_entries": "canton"}
ALWAYS = pl.lit(value=True)
CHANGE_PERCENT, CHANGE_AMOUNT = 10, 20_000


def check_whole(given: Prepared) -> Iterator[pl.DataFrame]:
    """Yield the findings of checks 2, 4, 11 (last year), 13, 14, 15 and 18."""
    totals = given.sums.totals
    yield from _enterprise(given)
    yield from _stated_totals(given, totals)
    yield from _stated_cantons(given)
    yield from _against_last_year(given)
    yield from _announced(given)
    yield from _wage_sum(given, totals)
    yield from _insurers(given, totals)
    yield from _nothing_paid(given)


def _enterprise(given: Prepared) -> Iterator[pl.DataFrame]:
    party = given.context.get("party") or {}
    if not given.declaration.get("enterprise_number") and not party.get("enterprise_number"):
        yield of_rule(rules.UID_UNKNOWN, field="enterprise_number")


def _stated_totals(given: Prepared, totals: Mapping[str, int]) -> Iterator[pl.DataFrame]:
    for entry, name in STATED.items():
        stated = cents_of(given.declaration.get(entry))
        if stated is not None and stated != totals[name]:
            yield of_rule(rules.TOTAL_DIFFERS, field=entry, stated=show_cents(stated), counted=show_cents(totals[name]))
    for entry, name in COUNTED.items():
        value = given.declaration.get(entry)
        counted = given.frame.height - given.frame.get_column(name).null_count()
        if value not in (None, "") and int(value) != counted:
            yield of_rule(rules.COUNT_DIFFERS, field=entry, stated=int(value), counted=counted)


def _stated_cantons(given: Prepared) -> Iterator[pl.DataFrame]:
    text = given.declaration.get("stated_fak_cantons")
    if not text:
        return
    for canton, amounts in read_cantons(str(text)).items():
        line = given.sums.cantons.get(canton, {})
        for stated, name in zip(amounts, ("fak_income", "family_supplement"), strict=False):
            found = int(line.get(name, 0))
            if stated != found:
                params = {"canton": canton, "stated": show_cents(stated), "counted": show_cents(found)}
                yield of_rule(rules.CANTON_TOTAL_DIFFERS, field="stated_fak_cantons", **params)


def read_cantons(text: str) -> dict[str, list[int]]:
    """Return ``{"FR": [cents of wages, cents of allowances]}`` from lines such as ``FR 224900.00 5800.00``."""
    found: dict[str, list[int]] = {}
    for line in text.splitlines():
        canton, *amounts = line.split() or [""]
        cents = [value for amount in amounts if (value := cents_of(amount)) is not None]
        if canton and cents:
            found[canton] = cents
    return found


def _against_last_year(given: Prepared) -> Iterator[pl.DataFrame]:
    last = given.last_year
    if last is None:
        return
    by_number = last.filter(pl.col("ahv_number").is_not_null()).unique("ahv_number", keep="last", maintain_order=True)
    before = by_number.select("ahv_number", old_last="last_name", old_first="first_name", old_birth="birth_date")
    both = given.frame.join(before, on="ahv_number", how="inner", maintain_order="left").unique(
        "ahv_number", keep="first", maintain_order=True
    )
    changed = (pl.col("last_name").str.to_lowercase() != pl.col("old_last").str.to_lowercase()) | (
        pl.col("birth_date") != pl.col("old_birth")
    )
    name = pl.concat_str("old_last", "old_first", separator=" ")
    yield hits(both, changed, rules.PERSON_CHANGED, "ahv_number", name=name, birth_date=day_text("old_birth"))
    left = pl.col("exit_date").is_not_null() | pl.col("exit_final").fill_null(value=False)
    stayed = last.group_by("person", maintain_order=True).agg(pl.all().last(), left.any().alias("left"))
    missing = stayed.filter(~pl.col("left")).join(given.frame, on="person", how="anti", maintain_order="left")
    yield _about_persons(missing)


def _about_persons(missing: pl.DataFrame) -> pl.DataFrame:
    person = pl.concat_str("last_name", "first_name", pl.col("ahv_number").fill_null(""), separator=" ")
    return hits(missing.drop("row"), ALWAYS, rules.PERSON_MISSING, person=person.str.strip_chars())


def _announced(given: Prepared) -> Iterator[pl.DataFrame]:
    """``context["announced"]`` lists ``kind`` (entry, exit), ``ahv_number``, ``name`` and ``day`` (ISO)."""
    announced = [dict(one) for one in given.context.get("announced") or ()]
    if not announced:
        return
    told = pl.DataFrame(announced, schema=dict.fromkeys(("kind", "ahv_number", "name", "day"), pl.String))
    entries = told.filter(pl.col("kind") == "entry").join(given.frame, on="ahv_number", how="anti")
    yield hits(entries, ALWAYS, rules.ENTRY_NOT_LISTED, person=pl.col("name"), day=pl.col("day"))
    exits = given.frame.join(told.filter(pl.col("kind") == "exit"), on="ahv_number", how="inner", maintain_order="left")
    late = pl.col("until") > pl.col("day").str.to_date("%Y-%m-%d", strict=False)
    yield hits(exits, late, rules.EXIT_STILL_PAID, "period_until", day=pl.col("day"), until=day_text("until"))


def _wage_sum(given: Prepared, totals: Mapping[str, int]) -> Iterator[pl.DataFrame]:
    before = cents_of((given.context.get("last_year_totals") or {}).get("ahv_income"))
    if not before:
        return
    now = totals["ahv_income"]
    change = abs(now - before)
    percent = int(given.context.get("wage_change_percent") or CHANGE_PERCENT)
    amount = int(given.context.get("wage_change_amount") or CHANGE_AMOUNT) * 100
    if change * 100 >= percent * abs(before) and change > amount:
        shown = f"{Decimal(now - before) * 100 / abs(before):+.1f}"
        yield of_rule(rules.WAGES_CHANGED, before=show_cents(before), now=show_cents(now), percent=shown)


def _insurers(given: Prepared, totals: Mapping[str, int]) -> Iterator[pl.DataFrame]:
    if totals["ahv_income"] > 0:
        kinds = kinds_of(SalaryDeclaration)
        for entry in ("accident_insurer", "pension_fund"):
            if not given.declaration.get(entry):
                yield of_rule(rules.INSURER_MISSING, field=entry, label=kinds[entry].label)


def _nothing_paid(given: Prepared) -> Iterator[pl.DataFrame]:
    nil = given.declaration.get("nil") in (True, "true")
    if nil and given.frame.height:
        yield of_rule(rules.NIL_WITH_ROWS, field="nil", rows=given.frame.height)
    if not nil and not given.frame.height:
        yield of_rule(rules.NEITHER_NIL_NOR_ROWS, field="nil")


def cents_of(value: Any) -> int | None:
    """Return an amount's text as whole cents; nothing if there is none."""
    if value in (None, ""):
        return None
    try:
        return int(Decimal(str(value)) * 100)
    except InvalidOperation:
        return None
