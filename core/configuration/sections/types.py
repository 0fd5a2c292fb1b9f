"""Kinds of entries that several sections use."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Language = Annotated[str, Field(pattern=r"^(fr|de|it|en)$")]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Line = Annotated[str, Field(max_length=200)]
# One text for each language.
Words = dict[Language, Line]
LongWords = dict[Language, Annotated[str, Field(max_length=600)]]
