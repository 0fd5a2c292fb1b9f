"""What stays behind at an export is told with its reason."""

from __future__ import annotations

from pathlib import Path

from core.transfer import tables

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "export.md").read_text(encoding="utf-8")


def test_every_table_that_stays_is_explained():
    assert [name for name in tables.STAY if f"`{name}`" not in PAGE] == []
