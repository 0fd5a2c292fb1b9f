"""Kinds by which people and accounts are reached: e-mail, phone, IBAN."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from core.declare.faults import FieldFault
from core.declare.kinds.base import Kind, SheetColumn, SqlColumn, Widget
from core.declare.texts import has_control_characters, squeeze

EMAIL_LENGTH = 254
PHONE_LENGTH = 16
IBAN_LENGTH = 34
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s.,;<>]+(?:\.[^@\s.,;<>]+)+")
_IBAN = re.compile(r"[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{11,30}")


@dataclass(frozen=True, kw_only=True)
class Email(Kind[str]):
    """An e-mail address; only its form is checked."""

    autocomplete: str = "email"

    name: ClassVar[str] = "email"
    column: ClassVar[str] = "core.declare.columns:ScalarColumn"

    def read(self, text: str) -> str:
        address = text.removeprefix("mailto:")
        if len(address) > EMAIL_LENGTH or has_control_characters(address) or not _EMAIL.fullmatch(address):
            raise FieldFault("email_unreadable")
        local, _, domain = address.rpartition("@")
        return f"{local}@{domain.lower()}"

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "email", "maxLength": EMAIL_LENGTH}

    def widget(self) -> Widget:
        return Widget(inputmode="email", maxlength=EMAIL_LENGTH)

    def sql_column(self) -> SqlColumn:
        return SqlColumn("text", length=EMAIL_LENGTH)


@dataclass(frozen=True, kw_only=True)
class Phone(Kind[str]):
    """A phone number, kept as ``+41791234567``. ``region`` (ISO 3166) is assumed where no country code is given."""

    region: str = ""
    autocomplete: str = "tel"

    name: ClassVar[str] = "phone"
    column: ClassVar[str] = "core.declare.columns:ScalarColumn"

    def read(self, text: str) -> str:
        import phonenumbers  # noqa: PLC0415 -- slow import

        try:
            number = phonenumbers.parse(text, self.region or None)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or number.extension or not phonenumbers.is_possible_number(number):
            raise FieldFault("phone_unreadable", example=self.examples[0] if self.examples else "+41 44 668 18 00")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def show(self, value: str, language: str) -> str:  # noqa: ARG002 -- one international form
        import phonenumbers  # noqa: PLC0415 -- slow import

        number = phonenumbers.parse(value)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\+[0-9]{4,15}$"}

    def widget(self) -> Widget:
        return Widget(inputmode="tel")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("text", length=PHONE_LENGTH)


@dataclass(frozen=True, kw_only=True)
class Iban(Kind[str]):
    """An account number, kept without blanks. ``countries`` (ISO 3166) narrows where the account may be."""

    countries: tuple[str, ...] = ()

    name: ClassVar[str] = "iban"
    column: ClassVar[str] = "core.declare.columns:ScalarColumn"

    def read(self, text: str) -> str:
        compact = squeeze(text).replace("-", "").replace(".", "")
        if not _IBAN.fullmatch(compact):
            raise FieldFault("iban_unreadable")
        number = compact.upper()
        from stdnum import iban  # noqa: PLC0415 -- brings ssl and pydoc, which the parsing child need not load

        if not iban.is_valid(number, check_country=False):
            raise FieldFault("iban_check_digits")
        if self.countries and number[:2] not in self.countries:
            raise FieldFault("iban_country", countries=", ".join(self.countries))
        return number

    def show(self, value: str, language: str) -> str:  # noqa: ARG002 -- banks print groups of four everywhere
        from stdnum import iban  # noqa: PLC0415 -- brings ssl and pydoc, which the parsing child need not load

        return str(iban.format(value))

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"}

    def widget(self) -> Widget:
        return Widget(maxlength=IBAN_LENGTH + 10)

    def sql_column(self) -> SqlColumn:
        return SqlColumn("text", length=IBAN_LENGTH)

    def sheet_column(self) -> SheetColumn:
        return SheetColumn(width=28)
