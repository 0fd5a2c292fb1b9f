"""The guides say the same in each language, and name what stands on the pages by the words that stand there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from infra.messages import catalogues

DOCS = Path(__file__).resolve().parents[3] / "docs"
ROOMS = ("user", "caisse")
LANGUAGES = ("fr", "de", "it")
GUIDES = [page.relative_to(DOCS) for room in ROOMS for page in sorted((DOCS / room).glob("*.md"))]


LABEL = re.compile(r"(?<![*\w])\*([^*\n]+(?:\n[^*\n]+)?)\*(?![*\w])")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PLACE = re.compile(r"%\(\w+\)[sd]")


def list_labels(text):
    """Return what stands in italics, the parts of a way (``Settings → Languages``) one by one."""
    found = LABEL.findall(FENCE.sub("", text))
    return {_plain(part) for label in found for part in label.split("→")}


@cache
def words_of(language):
    """Return the interface's texts in a language: those without a place for a value, and patterns of the others."""
    texts = set()
    for message in catalogues.read(DOCS.parent, "fr" if language == "en" else language):
        said = message.id if language == "en" else message.string
        texts.update(map(_plain, said if isinstance(said, (tuple, list)) else [said]))
    with_places = [text for text in texts if PLACE.search(text) and len(re.sub(r"\W", "", PLACE.sub("", text))) > 3]
    patterns = [".+".join(map(re.escape, PLACE.split(text))) for text in with_places if len(text) < 60]
    return texts, re.compile("|".join(patterns))


def _plain(text):
    return re.sub(r"\s+", " ", text).strip().rstrip(".:? ").lower()


def outline(text):
    """Return what a translation keeps: levels of headings, lists and tables, and where pictures and links lead."""
    lines = re.findall(r"^(#+ |\s*(?:-|\d+\.) |\|)", text, re.MULTILINE)
    targets = re.findall(r"\]\(([^)\s#]+)", text)
    return [mark.strip() for mark in lines], [PurePosixPath(target).name for target in targets]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("room", ROOMS)
def test_no_guide_is_there_in_some_languages_only(room, language):
    translated = {page.name for page in (DOCS / room / language).glob("*.md")}
    assert translated == {page.name for page in GUIDES if page.parts[0] == room}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("guide", GUIDES, ids=str)
def test_guide_says_the_same_in_each_language(guide, language):
    english = (DOCS / guide).read_text(encoding="utf-8")
    other = (DOCS / guide.parent / language / guide.name).read_text(encoding="utf-8")
    assert outline(other) == outline(english)


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("guide", GUIDES, ids=str)
def test_label_in_a_guide_stands_on_a_page(guide, language):
    page = DOCS / guide if language == "en" else DOCS / guide.parent / language / guide.name
    texts, patterns = words_of(language)
    labels = list_labels(page.read_text(encoding="utf-8"))
    assert {one for one in labels if one not in texts and not patterns.fullmatch(one)} == set()


def test_label_that_stands_nowhere_is_seen():
    texts, patterns = words_of("en")
    assert list_labels("Press *Frobnicate\n  all*, then *Settings → Languages*.") - texts == {"frobnicate all"}
    assert patterns.fullmatch("make 12 drafts")
    assert not patterns.fullmatch("frobnicate all")


def test_a_step_that_is_missing_is_seen():
    assert outline("# A\n1. one\n2. two\n[b](b.md)") != outline("# A\n1. un\n[b](b.md)")
    assert outline("# A\n![x](../images/x.png)") == outline("# B\n![y](../../images/x.png)")
