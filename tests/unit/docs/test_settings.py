"""No setting is forgotten: every variable of production and every entry of a caisse's file stands on its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.configuration.registry import list_sections
from core.configuration.sections import BrandingSection

ROOT = Path(__file__).parents[3]
INSTALL = (ROOT / "docs" / "operator" / "install.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs" / "caisse" / "configuration.md").read_text(encoding="utf-8")
SOURCES = [*(ROOT / "infra" / "settings").glob("*.py"), ROOT / "infra" / "celery.py", ROOT / "themes" / "__init__.py"]
# Belongs to the embedded default, where the supervisor sets it.
NOT_PRODUCTION = {"PORT"}


def variables() -> set[str]:
    read = re.compile(r'env\.\w+\("(\w+)"|environ\.get\("(\w+)"|VARIABLE = "(\w+)"')
    return {name for file in SOURCES for found in read.findall(file.read_text()) for name in found if name}


def test_every_variable_is_explained():
    assert variables() >= {"RELAIS_SECRET_KEY", "RELAIS_THEME_PATHS", "OTEL_EXPORTER_OTLP_ENDPOINT"}
    table = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", INSTALL))
    assert variables() - NOT_PRODUCTION - table == set()


def test_no_variable_is_explained_that_nothing_reads():
    table = set(re.findall(r"`(RELAIS_[A-Z0-9_]+)`", INSTALL))
    assert table - variables() == {"RELAIS_ADMIN_URL"}  # read by the command that prepares the roles


def test_required_ones_are_those_without_which_nothing_starts():
    production = (ROOT / "infra" / "settings" / "production.py").read_text()
    demanded = set(re.findall(r'env\.text\("(\w+)"\)', production))
    told = {
        name
        for row in re.findall(r"^\| (`RELAIS.+?) \| required \|", INSTALL, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert told == demanded


@pytest.mark.parametrize("section", list_sections(), ids=lambda section: section.key)
def test_every_entry_of_a_section_is_explained(section):
    rows = re.findall(r"^\|([^|]*)\|([^|]*)\|", CONFIGURATION, re.MULTILINE)
    explained, current = {}, ""
    for first, second in rows:
        current = next(iter(re.findall(r"\[(\w+)\]", first)), current)
        explained.setdefault(current, set()).update(re.findall(r"`(\w+)`", second))
    assert explained.get(section.key) == set(section.model_fields)


def test_sections_are_known_here():
    assert BrandingSection in list_sections()
