"""Kinds that are words: one line, several lines, and texts of a fixed form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from core.declare.faults import FieldFault
from core.declare.kinds.base import Kind, SheetColumn, SqlColumn, Widget
from core.declare.texts import has_control_characters, tidy, tidy_lines


@dataclass(frozen=True, kw_only=True)
class Text(Kind[str]):
    """One line. ``pattern`` is an ASCII regular expression for the whole text, with an example for people."""

    max_length: int = 200
    min_length: int = 1
    pattern: str = ""

    name: ClassVar[str] = "text"

    def read(self, text: str) -> str:
        line = self.tidy(text)
        if has_control_characters(line):
            raise FieldFault("control_characters")
        if len(line) > self.max_length:
            raise FieldFault("text_too_long", length=len(line), limit=self.max_length)
        if len(line) < self.min_length:
            raise FieldFault("text_too_short", length=len(line), limit=self.min_length)
        if self.pattern and not re.fullmatch(self.pattern, line):
            raise FieldFault("text_form", example=self.examples[0] if self.examples else self.pattern)
        return line

    def tidy(self, text: str) -> str:
        """Return the text as it is kept."""
        return tidy(text)

    def json_schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string", "minLength": self.min_length, "maxLength": self.max_length}
        return schema | ({"pattern": f"^(?:{self.pattern})$"} if self.pattern else {})

    def widget(self) -> Widget:
        return Widget(maxlength=self.max_length)

    def sql_column(self) -> SqlColumn:
        return SqlColumn("text", length=self.max_length)

    def sheet_column(self) -> SheetColumn:
        return SheetColumn(width=min(40, max(10, self.max_length // 2)))


@dataclass(frozen=True, kw_only=True)
class LongText(Text):
    """Several lines, such as a remark."""

    max_length: int = 4000

    name: ClassVar[str] = "long_text"
    column: ClassVar[str] = "core.declare.columns:ScalarColumn"

    def tidy(self, text: str) -> str:
        return tidy_lines(text)

    def widget(self) -> Widget:
        return Widget(control="textarea", maxlength=self.max_length, rows=4)


@dataclass(frozen=True, kw_only=True)
class Document(Kind[UUID]):
    """A reference to a document that was uploaded before."""

    name: ClassVar[str] = "document"
    column: ClassVar[str] = "core.declare.columns:ScalarColumn"

    def read(self, text: str) -> UUID:
        try:
            return UUID(text)
        except ValueError:
            raise FieldFault("document_unreadable") from None

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}

    def widget(self) -> Widget:
        return Widget(control="document")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("uuid")
