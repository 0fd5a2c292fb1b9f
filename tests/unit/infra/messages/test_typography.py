"""Signs as each language sets them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.messages import typography
from infra.messages.typography import NARROW, NO_BREAK


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Que faire ?", f"Que faire{NARROW}?"),
        ("C'est fait: oui; non!", f"C’est fait{NARROW}: oui{NARROW}; non{NARROW}!"),
        ("Sous « Accès », ici", f"Sous «{NARROW}Accès{NARROW}», ici"),
        ("%(caisse)s : du nouveau", f"%(caisse)s{NARROW}: du nouveau"),
        ("de 10:30 à 12:00, host:port", "de 10:30 à 12:00, host:port"),
        ("`a : b ?` et https://lac.example/?q=l'a", "`a : b ?` et https://lac.example/?q=l'a"),
    ],
)
def test_french(typed, set_):
    assert typography.set_text("fr", typed) == set_


def test_other_languages_get_their_apostrophe_and_nothing_else():
    assert typography.set_text("de", "So geht's: «gut»!") == "So geht’s: «gut»!"
    assert typography.set_text("it", "L'accesso: sì?") == "L’accesso: sì?"


@pytest.mark.parametrize("language", ["fr", "de", "it"])
@pytest.mark.parametrize("text", ["5 %", "(%(share)s %%)", "{share} %"])
def test_percent_stays_with_its_figure(language, text):
    assert typography.set_text(language, text) == text.replace(" ", NO_BREAK)


def test_space_before_a_placeholder_may_break():
    assert typography.set_text("de", "von 5 %(name)s, 5 %s") == "von 5 %(name)s, 5 %s"


@given(st.sampled_from(["fr", "de", "it"]), st.text(alphabet="aé'« »:;?! \u00a0\u202f%()s`.,\n5"))
def test_setting_twice_changes_nothing_more(language, text):
    once = typography.set_text(language, text)
    assert typography.set_text(language, once) == once
