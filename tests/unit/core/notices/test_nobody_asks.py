"""Contract over all texts that can be sent: who writes about accesses says that nobody ever asks for what opens them."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from core.notices.texts import list_notices

import_module("infra.urls.caisse")  # every room that declares texts

ROOMS = re.compile(r"(accounts|enrolment|letters|factor|recovery|sign_in)")
WORDS = re.compile(
    r"\b(password|code|codes|sign in|signed in|sign-in|passkey|certificate|second factor)\b", re.IGNORECASE
)
# Nobody, ever, asks, you: the thing itself is looked for apart, as it may stand before or after.
SAID = {
    "en": re.compile(r"(Nobody|never)[^.\n]*\bask you for"),
    "fr": re.compile(r"demandera jamais|demandons jamais"),
    "de": re.compile(r"(Niemand[^.\n]*\bje\b|fragen Sie nie)"),
    "it": re.compile(r"chiederà mai|chiediamo mai"),
}
THING = {
    "en": r"password|code|it on the phone|for it",
    "fr": r"mot de passe|code|vous le demandera",
    "de": r"Passwort|Code|danach",
    "it": r"password|codice|[Gg]liel[ao]",
}
ABOUT = [one for one in list_notices() if ROOMS.match(one.code) or WORDS.search(one.body)]


def says(text: str, language: str) -> bool:
    """Whether one of the sentences promises it."""
    sentences = re.split(r"(?<=[.!?])\s", text)
    return any(SAID[language].search(one) and re.search(THING[language], one) for one in sentences)


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("notice", ABOUT, ids=lambda one: one.code)
def test_who_writes_of_accesses_says_that_nobody_asks(notice, language):
    with translation.override(language):
        assert says(translation.gettext(notice.body), language)


def test_texts_that_are_looked_at_are_many():
    assert len(ABOUT) > 40


@pytest.mark.parametrize("language", SAID)
def test_sign_in_page_says_it_too(language, rf):
    with translation.override(language):
        page = render_to_string("web/sign_in/password.html", {"names": [], "page": {}}, rf.get("/sign-in/"))
    assert says(re.sub(r"<[^>]+>", "\n", page), language)
