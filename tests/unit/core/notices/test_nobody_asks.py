"""Contract over all texts that can be sent: who writes about accesses says that nobody ever asks for what opens them."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from core.configuration.sections import OwnText
from core.notices.own_texts import show_promise, write_sample
from core.notices.texts import list_notices, list_replaceable

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


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize(
    "notice", [one for one, _title in list_replaceable() if one in ABOUT], ids=lambda one: one.code
)
def test_own_text_of_a_caisse_that_leaves_it_out_says_it_all_the_same(notice, language):
    fields = " ".join(f"{{{name}}}" for name in sorted(notice.fields))
    own = OwnText(notice=notice.code, language=language, body=f"Own words: {fields}.")
    _subject, text = write_sample("Caisse 100 %", notice, language, own)
    assert text.startswith("Own words: ")
    assert says(text, language)
    assert text.endswith(show_promise("Caisse 100 %", notice, language))
    promise = show_promise("Caisse 100 %", notice, language)
    said = OwnText(notice=notice.code, language=language, body=f"{promise.replace(' ', chr(10), 1)} {fields}")
    assert "\n\n" not in write_sample("Caisse 100 %", notice, language, said)[1]


def test_own_text_that_has_nothing_to_do_with_an_access_is_left_as_it_is():
    plain = [one for one, _title in list_replaceable() if one not in ABOUT]
    assert plain
    for notice in plain:
        own = OwnText(
            notice=notice.code, language="fr", body=" ".join(f"{{{name}}}" for name in notice.fields) or "Oui"
        )
        with_samples = write_sample("Caisse", notice, "fr", own)[1]
        assert "jamais" not in with_samples


def test_texts_that_are_looked_at_are_many():
    assert len(ABOUT) > 40


@pytest.mark.parametrize("language", SAID)
def test_sign_in_page_says_it_too(language, rf):
    with translation.override(language):
        page = render_to_string("web/sign_in/password.html", {"names": [], "page": {}}, rf.get("/sign-in/"))
    assert says(re.sub(r"<[^>]+>", "\n", page), language)
