"""Where the caisse is: country, time zone, currency, the law that applies."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from core.configuration.registry import GENERAL, Refusal, Section, register
from core.configuration.sections.types import Line
from core.kernel.text import N_


@register
class LocaleSection(Section):
    """Country, zone and currency."""

    key = "locale"
    title = N_("Country, time zone and currency")
    help = N_("Where the caisse is; dates, amounts and dated figures follow from it.")
    group = GENERAL
    order = 10

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = Field(
        default="CH", title=N_("Country"), description=N_("Two letters, such as CH (ISO 3166).")
    )
    time_zone: str = Field(
        default="Europe/Zurich", title=N_("Time zone"), description=N_("Its IANA name, such as Europe/Zurich.")
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = Field(
        default="CHF", title=N_("Currency"), description=N_("Three letters, such as CHF (ISO 4217).")
    )
    jurisdiction: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = Field(
        default="ch", title=N_("Jurisdiction"), description=N_("Whose rates, ceilings and deadlines apply.")
    )
    institution_number: Line = Field(
        default="", title=N_("Number of the caisse"), description=N_("Its own number, such as 026.000.")
    )

    @field_validator("time_zone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Refusal(N_("This time zone is not known.")) from None
        return value
