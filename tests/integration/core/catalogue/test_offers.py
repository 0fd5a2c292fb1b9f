"""What a caisse offers: from a day, to whom, which types, at which assurance level."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from core.accounts.seats import build_actor, build_staff_actor
from core.catalogue import offers, registry
from core.configuration.registry import list_faults
from core.configuration.sections import EmployerGroup, ThemeOffer, ThemesSection, TypeRule
from core.configuration.services import change_sections
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import AssuranceTooLow, NotFound
from core.messaging.drafts import start_draft
from tenants.scope import tenant_transaction
from tests.support.people import make_mandate, make_member, make_party, make_staff, make_user

ACTOR = Actor(kind="clerk", name="Elena")
ENTRY = "employees.entry"


@pytest.fixture
def scope(caisse):
    with tenant_transaction(caisse):
        yield caisse


def offer(*chosen, groups=()):
    change_sections(actor=ACTOR, sections=[ThemesSection(offers=chosen, groups=groups)])


def slugs(themes):
    return [theme.slug for theme in themes]


def person_of(number):
    user, party = make_user(f"user{number}"), make_party(f"Company {number}", number=number)
    make_mandate(party)
    make_member(user, party)
    return user, party


def test_theme_begins_on_its_day_where_the_caisse_is(scope):
    offer(ThemeOffer(slug="employees", starts=date(2083, 3, 1)))  # far ahead of what is set now
    with clock.travel(datetime(2083, 2, 28, 22, 59, tzinfo=UTC)):
        assert offers.list_themes(scope) == []
        with pytest.raises(registry.UnknownMessageType):
            offers.get_offered_type(scope, ENTRY)
        assert offers.list_startable_types(scope, "party") == []
    with clock.travel(datetime(2083, 2, 28, 23, 1, tzinfo=UTC)):
        assert slugs(offers.list_themes(scope)) == ["employees"]
        assert offers.get_offered_type(scope, ENTRY).key == ENTRY


def test_type_that_is_switched_off_does_not_begin_while_its_neighbours_do(scope):
    offer(ThemeOffer(slug="employees", types=(TypeRule(key=ENTRY, on=False),)))
    startable = [one.key for one in offers.list_startable_types(scope, "party")]
    assert ENTRY not in startable
    assert "employees.exit" in startable
    with pytest.raises(registry.UnknownMessageType):
        offers.get_offered_type(scope, ENTRY)


def test_theme_that_is_switched_off_can_be_finished_and_not_begun(scope):
    user, party = person_of("1001")
    clerk = make_user("clerk")
    staff = make_staff(clerk, "clerk")
    offer(ThemeOffer(slug="employees", on=False))
    assert offers.list_themes(scope) == offers.list_startable_types(scope, "party") == []
    assert build_actor(user, party.id).may_act("employees")
    assert build_staff_actor(clerk, staff, caisse=scope).may_act("employees")
    offer(ThemeOffer(slug="salary_declaration"))
    assert not build_actor(user, party.id).may_read("employees")


@pytest.mark.parametrize(
    "chosen",
    [
        ThemeOffer(slug="employees", audience="named", employers=("1001",)),
        ThemeOffer(slug="employees", audience="group", groups=("pilot",)),
    ],
)
def test_theme_is_introduced_to_some_employers_first(scope, chosen):
    (one, first), (two, second) = person_of("1001"), person_of("1002")
    offer(chosen, groups=(EmployerGroup(name="pilot", employers=("1001",)),))
    assert build_actor(one, first.id).may_act("employees")
    assert not build_actor(two, second.id).may_read("employees")
    with pytest.raises(NotFound):
        start_draft(
            actor=build_actor(two, second.id, assurance_level=4),
            message_type=offers.get_offered_type(scope, ENTRY),
            party_id=second.id,
        )


def test_caisse_raises_the_level_of_a_type_and_cannot_lower_it(scope):
    user, party = person_of("1001")
    declared = registry.get_type(ENTRY)
    offer(ThemeOffer(slug="employees", types=(TypeRule(key=ENTRY, assurance=3),)))
    assert offers.get_needed_level(scope, declared) == 3
    with pytest.raises(AssuranceTooLow):
        start_draft(actor=build_actor(user, party.id, assurance_level=2), message_type=declared, party_id=party.id)
    start_draft(actor=build_actor(user, party.id, assurance_level=3), message_type=declared, party_id=party.id)
    offer(ThemeOffer(slug="employees", types=(TypeRule(key=ENTRY, assurance=1),)))
    assert offers.get_needed_level(scope, declared) == declared.min_assurance == 1
    assert offers.is_left_to_password(scope, declared)
    offer(ThemeOffer(slug="employees"))
    assert offers.get_needed_level(scope, declared) == 2
    assert offers.get_needed_level(scope, declared, by_program=True) == 1


def test_own_texts_are_given_in_the_readers_language(scope):
    offer(ThemeOffer(slug="employees", introductions={"fr": "Bienvenue"}, contacts={"fr": "Mme Blanc"}))
    assert offers.get_own_texts(scope, "employees", "fr") == offers.OwnTexts("Bienvenue", "Mme Blanc")
    assert offers.get_own_texts(scope, "employees", "de") == offers.OwnTexts()


def test_unknown_themes_and_types_are_named():
    section = ThemesSection(
        offers=(ThemeOffer(slug="fishing"), ThemeOffer(slug="employees", types=(TypeRule(key="employees.trip"),)))
    )
    with translation.override("en"):
        first, second = list_faults(section)
    assert first.startswith("offers.0.slug: There is no “fishing” here. Known are employees,")
    assert second.startswith("offers.1.types.0.key: There is no “employees.trip” here.")
    rule = TypeRule(key="salary_declaration.annual")
    assert list_faults(ThemesSection(offers=(ThemeOffer(slug="employees", types=(rule,)),))) == [
        "offers.0.types.0.key: theme 'employees' has no message type 'salary_declaration.annual'"
    ]
