"""Kinds of entries that several sections use."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Line = Annotated[str, Field(max_length=200)]
Lines = Annotated[str, Field(max_length=600)]
