"""The console's menu and search: sections and pages alike, in the reader's words."""

from __future__ import annotations

import pytest

from core.kernel.text import N_
from core.web.console import menu, urls
from core.web.console.menu import OPERATION, ConsolePage, add_page
from core.web.console.synonyms import SYNONYMS


def hits_of(browser, text, language="en"):
    browser.cookies["relais_language"] = language
    answer = browser.get("/console/", {"q": text}, headers={"accept-language": language})
    return [hit.label for hit in answer.context["hits"]]


@pytest.fixture
def browser(office):
    return office.browser("gilles")


def test_page_stands_in_menu_and_is_found(browser):
    answer = browser.get("/console/doctor/?now")
    rail = answer.content.decode().partition("</nav>")[0].rpartition("<nav")[2]
    assert rail.count('aria-current="page"') == 1
    assert hits_of(browser, "health check") == ["Examination"]


def test_page_of_an_address_is_declared_once():
    assert urls.urlpatterns, "pages are declared where the addresses are"
    with pytest.raises(ValueError, match="declared twice"):
        add_page(ConsolePage("console_doctor", N_("Another"), "", OPERATION))


def test_page_beneath_another_marks_it_in_the_menu():
    entry = menu.Entry("console_people", "People", "", "/console/people/")
    assert entry.is_here("console_people_edit", "")
    assert not entry.is_here("console_peoples", "")
    assert not entry.is_here("console_section", "people")


def test_search_knows_other_words_and_entries_within_rows(browser):
    assert "Legal pages" in hits_of(browser, "GDPR")
    assert "Themes › Offered from" in hits_of(browser, "offered from")
    assert hits_of(browser, "maintenance downtime") == ["Maintenance"]
    assert hits_of(browser, "zwqx") == []


def test_other_words_belong_to_sections_that_exist():
    assert set(SYNONYMS) <= {kind.key for kind in menu.list_shown()}
