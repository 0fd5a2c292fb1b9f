"""The pages on security say what holds: every requirement once, every test that is named, every limit's figure."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from core.accounts import limits
from core.accounts.hashers import BoundedArgon2Hasher
from core.accounts.limiter import Limit
from core.configuration.sections import SignInSection

ROOT = Path(__file__).parents[3]
ASVS = (ROOT / "docs" / "security" / "asvs.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+)\.(\d+)\.(\d+) \| ([123]) \| (.+?) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
# Sections of a chapter with the number of requirements in each, and how many there are of each level (ASVS 5.0.0).
SECTIONS = {6: (3, 12, 8, 6, 8, 4, 2, 4), 7: (3, 4, 2, 5, 3, 2), 10: (2, 3, 5, 16, 5, 2, 3)}
LEVELS = {6: (13, 22, 12), 7: (6, 12, 1), 10: (5, 24, 7)}
ROWS = [(int(c), int(s), int(n), int(level), where) for c, s, n, level, _what, where in ROW.findall(ASVS)]


@cache
def names_in(path: str) -> set[str]:
    if not (ROOT / path).exists():
        return set()
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("chapter", SECTIONS)
def test_every_requirement_of_the_standard_has_its_row(chapter):
    wanted = [(section, number) for section, count in enumerate(SECTIONS[chapter], 1) for number in range(1, count + 1)]
    assert [(section, number) for c, section, number, _level, _where in ROWS if c == chapter] == wanted
    levels = [level for c, _section, _number, level, _where in ROWS if c == chapter]
    assert tuple(map(levels.count, (1, 2, 3))) == LEVELS[chapter]


def test_every_row_names_a_test_or_a_reason():
    bare = [row[:3] for row in ROWS if not TEST.search(row[4]) and not re.search(r"Reason: .{20}", row[4])]
    assert bare == []


def list_broken(page: str) -> list[str]:
    """Return what a page says of tests that does not lead to one: missing files and functions, odd spellings."""
    missing = [f"{path}::{name}" for path, name in TEST.findall(page) if name not in names_in(path)]
    return missing + re.findall(r"\S*(?:tests/|::)\S*", TEST.sub("", page))


def test_every_test_that_is_named_exists():
    assert list_broken(ASVS) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "`tests/unit/docs/test_asvs.py::test_that_nobody_wrote`",
        "`tests/unit/docs/test_nothing.py::test_it`",
        "`tests/unit/docs/test_asvs.py::TestIt::test_it`",
        "`tests/unit/docs/test_asvs.py`",
        "tests/unit/docs/test_asvs.py::test_every_test_that_is_named_exists",
        "`tests/unit/docs/test_asvs.py::names_in`",
    ],
)
def test_row_that_leads_nowhere_is_seen(wrong):
    assert list_broken(f"| 6.1.1 | 1 | Something | {wrong} |") != []


def in_words(limit: Limit) -> str:
    span = "24 hours" if limit.seconds == limits.DAY else f"{limit.seconds // 60} minutes"
    return f"| `{limit.name}` | {limit.allowed} in {span} |"


def test_security_page_states_every_limit():
    stated = [in_words(one) for one in vars(limits).values() if isinstance(one, Limit)]
    assert [line for line in stated if line not in SECURITY] == []
    policy, text = SignInSection(), " ".join(SECURITY.split())
    for figure in (
        f"{BoundedArgon2Hasher.memory_cost} KiB of memory, {BoundedArgon2Hasher.time_cost} passes",
        f"passes and {BoundedArgon2Hasher.parallelism} lane",
        f"after {policy.session_idle_minutes} minutes without use and after {policy.session_hours} hours",
    ):
        assert figure in text, figure


def test_password_fields_hide_what_is_typed_and_let_managers_in():
    fields = []
    for page in (ROOT / "core" / "web" / "templates").rglob("*.html"):
        found = re.findall(r"<input[^>]*name=\"[\w-]*password[\w-]*\"[^>]*>", page.read_text(encoding="utf-8"))
        fields += [(page.name, one) for one in found if 'type="checkbox"' not in one]
    assert fields
    wrong = [
        where
        for where, one in fields
        if 'type="password"' not in one or not re.search(r'autocomplete="(current|new)-password"', one)
    ]
    assert wrong == []
