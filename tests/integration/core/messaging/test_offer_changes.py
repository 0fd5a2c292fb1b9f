"""A change in the themes offered reaches the employers concerned: in the portal, by mail, once, on its day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.accounts.models import Party, User
from core.configuration import configuration
from core.configuration.history import undo_change
from core.configuration.sections import EmployerGroup, ThemeOffer, ThemesSection
from core.configuration.services import change_sections
from core.kernel import clock
from core.messaging import offer_changes, offer_mails
from core.messaging.models import OfferChange
from core.messaging.offer_changes import GRACE
from core.outbox.handlers import Job
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support.mailbox import take_mails

BOTH = (ThemeOffer(slug="salary_declaration"), ThemeOffer(slug="employees"))
WITHOUT = (ThemeOffer(slug="salary_declaration"), ThemeOffer(slug="employees", on=False))
# Far ahead: what the fixture sets now must lie before it, whenever that is.
MORNING = datetime(2083, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def office(office):
    with tenant_transaction(office.caisse):
        for number, name in (("1001", "factory"), ("1002", "bakery"), ("1003", "elsewhere")):
            Party.objects.filter(id=office.parties[name].id).update(number=number)
        for name in ("anne", "beat", "claire", "dario", "hugo"):
            User.objects.filter(id=office.users[name].id).update(contact_email=f"{name}@office.example")
    offer(office, *BOTH)
    drain(caisse=office.caisse)
    with tenant_transaction(office.caisse):
        OfferChange.objects.all().delete()
    take_mails()
    return office


def offer(office, *offers, groups=(), later=None):
    with tenant_transaction(office.caisse):
        section = ThemesSection(offers=offers, groups=groups)
        change_sections(actor=office.clerk("gilles"), sections=[section], effective_from=later)


def work(office, at=MORNING):
    """Let the outbox do what is due then, and when the time to undo is over; return the mails by address."""
    for moment in (at, at + GRACE + timedelta(seconds=1)):
        with clock.travel(moment):
            drain(caisse=office.caisse)
    found = take_mails()
    assert len({one["to"] for one in found}) == len(found), "one mail for each user and change"
    return {one["to"].partition("@")[0]: one for one in found}


def news_of(office, number, at=MORNING):
    with clock.travel(at), tenant_transaction(office.caisse):
        found = offer_changes.list_news(number)
    return found.gained, found.lost


def change(office, *offers, groups=(), at=MORNING, later=None):
    with clock.travel(at):
        offer(office, *offers, groups=groups, later=later)


def test_theme_that_ends_is_told_to_whom_it_concerns_in_her_language(office):
    change(office, *WITHOUT)
    told = work(office)
    assert set(told) == {"anne", "beat", "claire", "dario", "hugo"}
    assert news_of(office, "1001") == ((), ("employees",))
    assert "Factory" in told["anne"]["text"]
    assert {"Factory", "Bakery"} == {name for name in ("Factory", "Bakery") if name in told["claire"]["text"]}
    assert "Factory" not in told["hugo"]["text"]
    assert all("employees" not in one["subject"] and "Factory" not in one["subject"] for one in told.values())


def test_repeated_work_tells_nobody_twice(office):
    change(office, *WITHOUT)
    assert work(office)
    job = Job(id=None, caisse=office.caisse, topic="", payload={}, secret=None, attempt=1)
    with clock.travel(MORNING + GRACE * 2):
        offer_changes.take_note(job)
        offer_mails.write_mails(job)
    assert work(office, MORNING + GRACE * 3) == {}
    with tenant_transaction(office.caisse):
        assert OfferChange.objects.filter(told_at=None).count() == 0


def test_work_broken_off_goes_on_where_it_was(office, monkeypatch):
    monkeypatch.setattr(offer_mails, "BATCH", 2)
    change(office, *WITHOUT)
    with clock.travel(MORNING):
        drain(caisse=office.caisse)
    with clock.travel(MORNING + GRACE * 2):
        assert offer_mails._write_some(office.caisse)
    assert set(work(office, MORNING + GRACE * 2)) == {"anne", "beat", "claire", "dario", "hugo"}


def test_theme_introduced_to_some_is_told_to_these(office):
    change(office, *WITHOUT)
    work(office)
    pilot = ThemeOffer(slug="employees", audience="group", groups=("pilot",), news={"fr": "Dès aujourd'hui."})
    later = MORNING + timedelta(days=30)
    change(office, BOTH[0], pilot, groups=(EmployerGroup(name="pilot", employers=("1002",)),), at=later)
    told = work(office, later)
    assert set(told) == {"claire", "dario"}
    assert "Dès aujourd'hui." in told["dario"]["text"]
    assert news_of(office, "1002", later) == (("employees",), ())
    assert news_of(office, "1001", later) == ((), ())
    named = ThemeOffer(slug="employees", audience="named", employers=("1002", "1003"))
    after = later + timedelta(days=30)
    change(office, BOTH[0], named, at=after)
    assert set(work(office, after)) == {"hugo"}


def test_who_may_not_read_the_theme_is_not_told(office):
    change(office, ThemeOffer(slug="salary_declaration", on=False), BOTH[1])
    assert "beat" not in work(office), "her membership names the other theme only"


@pytest.mark.parametrize("way", ["change", "theme"])
def test_later_change_is_told_on_its_day(office, way):
    day = datetime(2083, 4, 1, tzinfo=UTC)
    if way == "change":
        change(office, *WITHOUT, later=day)
    else:
        change(office, *WITHOUT, at=MORNING - timedelta(days=30))
        work(office, MORNING - timedelta(days=30))
        change(office, BOTH[0], ThemeOffer(slug="employees", starts=day.date()))
    assert work(office) == {}
    assert news_of(office, "1001") == ((), ())
    assert "anne" in work(office, day + timedelta(hours=1))
    assert any(news_of(office, "1001", day + timedelta(hours=1)))


def test_slip_undone_in_time_reaches_nobody(office):
    change(office, *WITHOUT)
    with clock.travel(MORNING):
        drain(caisse=office.caisse)
        assert any(news_of(office, "1001"))
        with tenant_transaction(office.caisse):
            version = configuration.read().versions["themes"]
            undo_change(actor=office.clerk("gilles"), kind=ThemesSection, version=version)
    assert work(office) == {}
    assert news_of(office, "1001") == ((), ())


def test_change_that_concerns_no_offer_is_no_news(office):
    change(office, BOTH[0], ThemeOffer(slug="employees", names={"fr": "Personnel"}))
    assert work(office) == {}
    with tenant_transaction(office.caisse):
        assert OfferChange.objects.count() == 1


def test_what_a_caisse_offers_from_its_beginning_is_no_news(caisse):
    drain(caisse=caisse)
    with tenant_transaction(caisse):
        first = OfferChange.objects.get()
        assert first.before == first.after != {}


def test_portal_tells_it_on_start_page_and_in_the_boxes_until_put_away(office):
    offer(office, *WITHOUT)
    drain(caisse=office.caisse)
    anne = office.browser("anne")
    for path in ("", "inbox/"):
        page = anne.get(office.url(path))
        assert len(page.context["theme_news"].lost) == 1
    digest = page.context["theme_news"].digest
    anne.post("/announcements/put-away/", {"digest": digest, "next": office.url()})
    assert anne.get(office.url()).context["theme_news"] is None
    assert office.browser("claire").get(office.url()).context["theme_news"]
    assert office.browser("claire").get(office.url(party="firm")).context["theme_news"] is None
