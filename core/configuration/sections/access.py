"""How people sign in, and to whom SMS go."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.configuration.registry import ACCESS, Section, register
from core.kernel.text import N_

Prefix = Annotated[str, Field(pattern=r"^\+[0-9]{1,6}$")]


@register
class SignInSection(Section):
    """How people sign in; the limits are the platform's floor, which no caisse goes below."""

    key = "sign_in"
    title = N_("Sign-in")
    help = N_("How people sign in. The limits given are the platform's; a caisse may be stricter, never laxer.")
    group = ACCESS
    order = 10

    code_minutes: Annotated[int, Field(ge=3, le=10)] = Field(
        default=10, title=N_("Validity of a code by SMS"), description=N_("In minutes, 3 to 10.")
    )
    code_tries: Annotated[int, Field(ge=3, le=5)] = Field(
        default=5, title=N_("Tries for each code"), description=N_("3 to 5; then a new code is needed.")
    )
    session_idle_minutes: Annotated[int, Field(ge=5, le=60)] = Field(
        default=30, title=N_("Sign-out when idle"), description=N_("After so many minutes, 5 to 60.")
    )
    session_hours: Annotated[int, Field(ge=1, le=12)] = Field(
        default=12, title=N_("Longest session"), description=N_("In hours, 1 to 12.")
    )
    password_alone: bool = Field(
        default=False,
        title=N_("Password alone"),
        description=N_("Whether functions of low risk are open to people who have no second factor yet."),
    )


@register
class SmsSection(Section):
    """Who may be sent SMS, and how many."""

    key = "sms"
    title = N_("SMS")
    help = N_("To which countries SMS are sent, and how many at most; it protects against costs by abuse.")
    group = ACCESS
    order = 20

    allowed_prefixes: tuple[Prefix, ...] = Field(
        default=("+41", "+423"), title=N_("Prefixes served"), description=N_("Such as +41, one for each country.")
    )
    daily_limit: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=5000, title=N_("SMS a day"), description=N_("Above it none is sent until the next day.")
    )
    hourly_limit_per_prefix: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=500, title=N_("SMS an hour to one prefix"), description=N_("Above it none is sent for a while.")
    )
