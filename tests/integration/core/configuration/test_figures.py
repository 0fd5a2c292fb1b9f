"""A caisse's own dated figures come before those of the law, at this caisse alone, on their days alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from core.configuration.sections import FiguresSection
from core.configuration.services import change_sections
from core.configuration.tomlfile import parse
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import InvalidInput
from core.parameters import book
from tenants.scope import tenant_transaction

OWN = {"key": "ahv.percent", "value": "9.1", "valid_from": "2027-01-01", "source": "Décision du comité, 2026-11-03"}
DAY = date(2027, 5, 1)


def configure(caisse, *figures):
    with tenant_transaction(caisse):
        section = FiguresSection.model_validate({"figures": figures})
        change_sections(actor=Actor(kind="operator", name="test"), sections=[section])


def find(caisse, day=DAY):
    found = book.find_parameter("ch", "ahv.percent", day, caisse=caisse)
    return found.value if found else None


def test_own_value_holds_on_its_days_and_at_this_caisse(caisse, other_caisse):
    configure(caisse, OWN)
    assert (find(caisse), find(other_caisse)) == ("9.1", None)
    assert find(caisse, date(2026, 12, 31)) == find(other_caisse, date(2026, 12, 31)) == "8.7"


def test_two_values_of_one_day_and_days_in_the_wrong_order_are_refused():
    with pytest.raises(ValidationError, match="Two values"):
        FiguresSection.model_validate({"figures": [OWN, OWN | {"valid_from": "2028-01-01"}]})
    with pytest.raises(ValidationError, match="before the first"):
        FiguresSection.model_validate({"figures": [OWN | {"valid_until": "2026-01-01"}]})
    followed = [OWN | {"valid_until": "2027-12-31"}, OWN | {"valid_from": "2028-01-01"}]
    assert len(FiguresSection.model_validate({"figures": followed}).figures) == 2


@pytest.mark.parametrize("key", ["nothing.known", "retention.months"])
def test_what_is_no_figure_or_the_laws_alone_is_refused(caisse, key):
    file = f'[figures]\nfigures = [{{ key = "{key}", value = "1", valid_from = 2027-01-01, source = "Comité" }}]\n'
    with pytest.raises(InvalidInput, match="figures"):
        parse(file)


@pytest.mark.parametrize(
    ("key", "value"),
    [("salary_declaration.due_day", "02-30"), ("salary_declaration.due_day", "30"), ("ahv.percent", "01-30")],
)
def test_day_that_no_year_has_and_a_value_of_another_unit_are_refused(key, value):
    with pytest.raises(ValidationError, match="such as"):
        FiguresSection.model_validate({"figures": [OWN | {"key": key, "value": value}]})


@pytest.mark.parametrize(("year", "shown"), [(2083, "28.02.2083"), (2084, "29.02.2084")])
def test_what_is_due_on_a_29_february_is_due_on_the_last_day_of_it_in_other_years(office, year, shown):
    configure(office.caisse, OWN | {"key": "salary_declaration.due_day", "value": "02-29"})
    with clock.travel(datetime(year, 1, 20, 12, tzinfo=UTC)):
        page = office.browser("anne").get("/due/?part=salary_declaration.annual")
    assert (page.status_code, shown in page.content.decode()) == (200, True)


def test_console_shows_all_with_their_sources(office):
    configure(office.caisse, OWN | {"valid_from": "2020-01-01"})
    page = office.browser("gilles").get("/console/dated-figures/").content.decode()
    assert "Décision du comité" in page
    assert "gubser-kalt.ch" in page
    assert page.index("9.1") < page.index("8.7")
    assert office.browser("elena").get("/console/dated-figures/").status_code == 404
