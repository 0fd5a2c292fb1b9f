"""The page on the architecture says what the code says: the states' diagram, and the rooms of the ladder."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from pathlib import Path

from core.messaging.states import PROPOSAL_STEPS, TRANSITIONS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_diagram_shows_exactly_the_transitions():
    drawn = {
        (source, target): set(names.split(", "))
        for source, target, names in re.findall(r"^ +(\w+) --> (\w+): (.+)$", PAGE, re.MULTILINE)
        if source != "waiting"
    }
    wanted = defaultdict(set)
    for one in TRANSITIONS:
        for source in one.sources:
            wanted[str(source), str(one.target)].add(one.name)
    assert drawn == wanted


def test_diagram_shows_exactly_the_ways_of_a_proposal():
    drawn = set(re.findall(r"^ +waiting --> (\w+): (\w+) \((\w+)\)$", PAGE, re.MULTILINE))
    assert drawn == {(str(step.target), step.name, step.who) for step in PROPOSAL_STEPS}


def test_ladder_is_that_of_the_contract():
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    held = [[room.strip() for room in rung.split("|")] for rung in contracts[0]["layers"]]
    table = PAGE.partition("## A request")[0]
    shown = [re.findall(r"`([\w.]+)`", row) for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)]
    assert [sorted(rung) for rung in shown] == sorted_rungs(held, shown)


def sorted_rungs(held, shown):
    """Two rungs that the page shows on one line count as one."""
    joined, at = [], 0
    for rung in shown:
        rooms = []
        while len(rooms) < len(rung) and at < len(held):
            rooms += held[at]
            at += 1
        joined.append(sorted(rooms))
    return joined
