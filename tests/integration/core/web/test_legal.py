"""Legal pages and announcements as visitors read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from core.configuration.sections import (
    Announcement,
    ExternalLink,
    LegalSection,
    MaintenanceSection,
    NoticesSection,
    Processor,
    Purpose,
    RequirementsSection,
    Window,
)
from core.configuration.services import change_sections
from core.kernel import clock
from core.kernel.actors import Actor
from core.web.announcements import list_announcements
from tenants.scope import tenant_transaction

ACTOR = Actor(kind="clerk", name="Elena")


@pytest.fixture
def say(office):
    def change(*sections):
        with tenant_transaction(office.caisse):
            change_sections(actor=ACTOR, sections=sections)

    return change


def test_visitor_reads_what_the_caisse_has_published(office, say):
    browser = office.browser()
    assert (
        b"La caisse n\xe2\x80\x99a encore rien publi\xc3\xa9"
        in browser.get("/legal/", HTTP_ACCEPT_LANGUAGE="fr").content
    )
    say(
        LegalSection(
            notice={"fr": "Caisse du Lac\n\nRue 1 <b>"},
            data_protection={"de": "Nur deutsch."},
            processors=(Processor(name="Hosting SA", country="CH", purposes={"fr": "Hébergement"}),),
            links=(ExternalLink(address="https://www.example.ch/", names={"fr": "Exemple"}),),
        )
    )
    page = browser.get("/legal/", HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    for text in ("<p>Caisse du Lac</p>", "Rue 1 &lt;b&gt;", "Nur deutsch.", "Hosting SA", "Hébergement"):
        assert text in page
    assert 'href="https://www.example.ch/"' in page
    assert "encore rien publié" not in page


def test_maintenance_is_announced_in_the_caisses_own_time(office, say):
    window = Window(day=date(2083, 2, 3), begins="22:00", ends="01:30", texts={"fr": "Tout."})
    say(MaintenanceSection(windows=(window,)), NoticesSection(notices=(Announcement(texts={"fr": "Bonjour"}),)))
    with translation.override("fr"):
        with clock.travel(datetime(2083, 2, 4, 0, 29, tzinfo=UTC)):
            told, notice = [one.text for one in list_announcements(office.caisse)]
        with clock.travel(datetime(2083, 2, 4, 0, 30, tzinfo=UTC)):
            assert [one.text for one in list_announcements(office.caisse)] == ["Bonjour"]
    assert told == "Maintenance du 3 février 2083, 22:00 au 4 février 2083, 01:30. Tout."
    assert notice == "Bonjour"


def test_purposes_stand_under_the_kind_of_people_whose_data_it_is(office, say):
    say(LegalSection(purposes=(Purpose(concerned="insured", texts={"fr": "Verser les prestations."}),)))
    page = office.browser().get("/legal/", HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    assert "<h3>Personnes assurées</h3><p>Verser les prestations.</p>" in page.replace("\n", "")
    with pytest.raises(ValueError, match="twice"):
        LegalSection(purposes=[{"concerned": "insured"}, {"concerned": "insured"}])


def test_accessibility_is_stated_also_where_the_caisse_wrote_nothing(office, say):
    browser = office.browser()
    assert "2.2" in browser.get("/legal/").content.decode()
    say(LegalSection(accessibility={"fr": "Notre déclaration."}))
    page = browser.get("/legal/").content.decode()
    assert "Notre déclaration." in page
    assert "2.2" not in page
    assert 'href="/legal/#accessibility"' in page


def test_needs_can_be_read_without_script_and_are_the_caisses_own(office, say):
    say(RequirementsSection(firefox=140), LegalSection(requirements={"fr": "Appelez-nous."}))
    answer = office.browser().get("/legal/requirements/", HTTP_ACCEPT_LANGUAGE="fr")
    page = answer.content.decode()
    assert "Firefox dès 140" in page
    assert "Appelez-nous." in page
    assert "50 mégaoctets" in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.cookies.keys() <= {"relais_csrf"}


ANNOUNCED = [
    Announcement(texts={"fr": f"Pour {audience}"}, audience=audience)
    for audience in ("visitors", "portal", "employers", "agents", "insured", "desk")
]


@pytest.mark.parametrize(
    ("name", "path", "seen"),
    [
        (None, "/sign-in/", {"visitors"}),
        ("anne", "/", {"visitors", "portal", "employers"}),
        ("elena", "/clerk/", {"visitors", "desk"}),
    ],
)
def test_announcement_is_shown_to_its_readers_only(office, say, name, path, seen):
    say(NoticesSection(notices=ANNOUNCED))
    page = (
        office.browser(name).get(path, follow=True).content.decode()
        if name
        else office.browser().get(path).content.decode()
    )
    assert {one.audience for one in ANNOUNCED if f"Pour {one.audience}" in page} == seen


def test_announcement_put_away_comes_back_when_its_text_changes(office, say):
    browser = office.browser("anne")
    say(
        NoticesSection(
            notices=[Announcement(texts={"fr": "Bonjour"}), Announcement(texts={"fr": "Reste"}, dismissible=False)]
        )
    )
    home = browser.get("/", follow=True)
    first, second = home.context["page"].announcements
    assert second.digest == ""
    answer = browser.post("/announcements/put-away/", {"digest": first.digest, "next": "/p/"})
    assert answer["Location"] == "/p/"
    assert answer.cookies["relais_read"]["httponly"]
    assert [one.text for one in browser.get("/", follow=True).context["page"].announcements] == ["Reste"]
    say(NoticesSection(notices=[Announcement(texts={"fr": "Bonjour à tous"})]))
    assert [one.text for one in browser.get("/", follow=True).context["page"].announcements] == ["Bonjour à tous"]


def test_putting_away_leads_nowhere_else_and_takes_no_other_text(office):
    answer = office.browser().post("/announcements/put-away/", {"digest": "x" * 5000, "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    assert "relais_read" not in answer.cookies
