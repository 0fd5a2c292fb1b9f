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
    window = Window(day=date(2027, 2, 3), begins="22:00", ends="01:30", texts={"fr": "Tout."})
    say(MaintenanceSection(windows=(window,)), NoticesSection(notices=(Announcement(texts={"fr": "Bonjour"}),)))
    with translation.override("fr"):
        with clock.travel(datetime(2027, 2, 4, 0, 29, tzinfo=UTC)):
            told, notice = list_announcements(office.caisse)
        with clock.travel(datetime(2027, 2, 4, 0, 30, tzinfo=UTC)):
            assert list_announcements(office.caisse) == ["Bonjour"]
    assert told == "Maintenance du 3 février 2027, 22:00 au 4 février 2027, 01:30. Tout."
    assert notice == "Bonjour"
