"""The platform's root page: a caisse is found by number, name, postcode or place, on shared hosts too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.configuration import directory
from core.configuration.sections import BrandingSection, ContactSection, LocaleSection
from core.configuration.services import change_sections
from core.kernel import clock
from core.kernel.actors import Actor
from core.outbox.models import Entry
from core.outbox.services import drain
from tenants import addresses, hosts, revisions
from tenants.models import Revision
from tenants.scope import platform_transaction, tenant_transaction
from tests.integration.tenants.support import wait_until
from tests.support.browsing import Browser

OPERATOR = Actor(kind="operator", name="test")


def configure(caisse, *sections):
    with tenant_transaction(caisse):
        change_sections(actor=OPERATOR, sections=sections)
    drain(caisse=caisse)


@pytest.fixture
def listed(caisse):
    configure(
        caisse,
        BrandingSection(name="Caisse du Léman", short_name="Léman"),
        ContactSection(postcode="1260", town="Nyon"),
        LocaleSection(institution_number="026.100"),
    )
    wait_until(lambda: hosts.get_entry(caisse).town == "Nyon")
    return caisse


def search(query, host="localhost"):
    page = Browser(HTTP_HOST=host).get("/", {"q": query}).content.decode()
    return "Caisse du Léman" in page


def test_found_by_number_name_postcode_and_place(listed):
    fits = ("", "026.100", "26.100", "26100", "26", "leman", "LÉMAN caisse", "1260", "12", "nyon", "ak26", "nyon 1260")
    assert [query for query in fits if not search(query)] == []
    fits_not = ("1261", "Genève", "27", "leman geneve", "ak2600", "'; --", "x" * 5000)
    assert [query for query in fits_not if search(query)] == []


def test_page_costs_no_query(listed, django_assert_num_queries):
    search("")
    with django_assert_num_queries(0):
        search("nyon")


def test_root_of_a_shared_host_lists_its_own_caisses_and_is_no_way_to_the_operators(listed, other_caisse):
    with platform_transaction():
        addresses.replace_addresses(listed, [("union.example", "lac")])
    wait_until(lambda: hosts.resolve("union.example", "/").kind == "shared")
    page = Browser(HTTP_HOST="union.example").get("/").content.decode()
    assert "Caisse du Léman" in page
    assert "union.example" in page
    assert hosts.get_entry(other_caisse).name not in page
    for path in ("/operator/", "/dev/outbox/", "/clerk/", "/nothing/"):
        assert Browser(HTTP_HOST="union.example").get(path).status_code == 404, path


def test_a_change_for_later_is_listed_when_it_takes_effect(listed):
    begin = clock.now() + timedelta(days=3)
    with tenant_transaction(listed):
        change_sections(actor=OPERATOR, sections=[BrandingSection(name="Sous un autre nom")], effective_from=begin)
        entry = Entry.objects.get(topic=directory.TOPIC, done_at__isnull=True)
    assert entry.due_at == begin
    drain(caisse=listed)
    assert hosts.get_entry(listed).name == "Caisse du Léman"


def test_what_is_listed_already_is_announced_to_nobody(listed):
    with platform_transaction():
        before = Revision.objects.get(topic=revisions.HOSTS).number
    directory.bring(listed)
    with platform_transaction():
        assert Revision.objects.get(topic=revisions.HOSTS).number == before
