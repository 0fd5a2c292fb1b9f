"""The reference page of rights says what the code says."""

from __future__ import annotations

from pathlib import Path

from core.web.rights_reference import write_reference

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "rights.md"


def test_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == write_reference(), "run: python manage.py rights_reference"
