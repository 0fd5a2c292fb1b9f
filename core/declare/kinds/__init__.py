"""The closed set of field kinds that every jurisdiction shares; a jurisdiction adds its own identifiers."""

from __future__ import annotations

from core.declare.faults import FieldFault
from core.declare.kinds.base import EVERYBODY, Filler, Json, Kind, SheetColumn, SqlColumn, Widget, text_of
from core.declare.kinds.choice import Boolean, Choice
from core.declare.kinds.contact import Email, Iban, Phone
from core.declare.kinds.number import Integer, Money, Number, Percent
from core.declare.kinds.text import Document, LongText, Text
from core.declare.kinds.time import Date, Period, Year

__all__ = [
    "EVERYBODY",
    "Boolean",
    "Choice",
    "Date",
    "Document",
    "Email",
    "FieldFault",
    "Filler",
    "Iban",
    "Integer",
    "Json",
    "Kind",
    "LongText",
    "Money",
    "Number",
    "Percent",
    "Period",
    "Phone",
    "SheetColumn",
    "SqlColumn",
    "Text",
    "Widget",
    "Year",
    "text_of",
]
