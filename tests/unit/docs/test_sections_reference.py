"""The reference page of the sections says what the code says."""

from __future__ import annotations

from pathlib import Path

from core.configuration.reference import write_reference
from core.configuration.registry import list_sections
from tests.support.sections import models_within

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "sections.md"


def test_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == write_reference(), "run: python manage.py sections_reference"


def test_page_names_every_entry_of_every_section():
    page = write_reference()
    for kind in list_sections():
        assert f"## `[{kind.key}]`" in page
        assert all(f"| `{name}` |" in page for model in models_within(kind) for name in model.model_fields)
