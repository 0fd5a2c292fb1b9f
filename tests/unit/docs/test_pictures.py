"""Every picture in the documentation is taken by a journey, and every picture that a journey takes has its place."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
IMAGES = ROOT / "docs" / "images"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SHOWN = re.compile(r"!\[[^\]]+\]\(([^)\s]+\.png)\)")
TAKEN = re.compile(r"\.picture\(\"([a-z0-9/-]+\.png)\"\)")


def shown() -> set[str]:
    places = ((page.parent / link).resolve() for page in PAGES for link in SHOWN.findall(page.read_text()))
    return {place.relative_to(IMAGES).as_posix() for place in places if place.is_relative_to(IMAGES)}


def taken() -> set[str]:
    return {name for test in (ROOT / "tests" / "journeys").glob("*.py") for name in TAKEN.findall(test.read_text())}


def test_each_picture_shown_is_taken_by_a_journey_and_the_other_way_round():
    assert shown() == taken()


def test_each_picture_is_there_and_no_other():
    assert {path.relative_to(IMAGES).as_posix() for path in IMAGES.rglob("*.png")} == shown()


def test_journeys_are_found():
    assert taken()
