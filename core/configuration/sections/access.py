"""How people sign in, and to whom SMS go."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, cast

from annotated_types import Ge, Le
from pydantic import Field, ValidationInfo, field_validator, model_validator
from pyrage import RecipientError, x25519

from core.configuration.registry import ACCESS, Refusal, Section, register
from core.kernel.text import N_

Factor = Literal["passkey", "totp", "sms", "certificate"]
FACTORS = {
    "passkey": N_("Passkey"),
    "totp": N_("One-time password of an app"),
    "sms": N_("Code by SMS"),
    "certificate": N_("Certificate"),
}
SignInName = Literal["email", "user_id", "company", "insured"]
NAMES = {
    "email": N_("E-mail"),
    "user_id": N_("User number that the caisse issues"),
    "company": N_("Company number and delegate"),
    "insured": N_("Insured person's number"),
}
OwnWord = Annotated[str, Field(min_length=3, max_length=40)]
MATCHES = {"fingerprint": N_("this very certificate"), "subject": N_("issuer and name of the holder")}
CLASSES = {"off": N_("not asked"), "advice": N_("as advice"), "rule": N_("as a rule")}
_LIMITED = (
    *("password_length", "password_length_alone"),
    *("code_minutes", "code_tries", "session_idle_minutes", "session_hours"),
    *("password_reminder_months", "trusted_device_days"),
)
Prefix = Annotated[str, Field(pattern=r"^\+[0-9]{1,6}$")]


@register
class SignInSection(Section):
    """How people sign in; the limits are the platform's floor, which no caisse goes below."""

    key = "sign_in"
    title = N_("Sign-in")
    help = N_("How people sign in. The limits given are the platform's; a caisse may be stricter, never laxer.")
    group = ACCESS
    order = 10

    factors: tuple[Factor, ...] = Field(
        default=("passkey", "totp", "sms"),
        title=N_("Second factors"),
        description=N_("In the order in which they are offered. SMS never stands alone."),
        json_schema_extra={"labels": dict(FACTORS), "ordered": True},
    )
    names: tuple[SignInName, ...] = Field(
        default=("email",),
        title=N_("Sign-in names"),
        description=N_("What people sign in with here, in the order in which the sign-in page says so."),
        json_schema_extra={"labels": dict(NAMES), "ordered": True},
    )
    password_length: Annotated[int, Field(ge=8, le=64)] = Field(
        default=12, title=N_("Length of a password"), description=N_("Beside a second factor, at least: 8 to 64.")
    )
    password_length_alone: Annotated[int, Field(ge=15, le=64)] = Field(
        default=15,
        title=N_("Length of a password alone"),
        description=N_("Where no second factor is asked, at least: 15 to 64."),
    )
    password_classes: Literal["off", "advice", "rule"] = Field(
        default="off",
        title=N_("Small letters, capitals, digits, signs"),
        description=N_("As a rule, a password without them is refused."),
        json_schema_extra={"labels": dict(CLASSES)},
    )
    password_words: Annotated[tuple[OwnWord, ...], Field(max_length=200)] = Field(
        default=(),
        title=N_("Words that make no password"),
        description=N_(
            "Such as the name of your town or of your programs. A password made of them, digits and signs is refused; "
            "the caisse's own name and what many people use is refused anyway."
        ),
    )
    password_reminder_months: Annotated[int, Field(ge=0, le=60)] = Field(
        default=0,
        title=N_("Reminder to change the password"),
        description=N_("After so many months, 0 for none, up to 60. It only reminds: nobody is forced to change."),
    )
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
    trusted_device_days: Annotated[int, Field(ge=0, le=90)] = Field(
        default=0,
        title=N_("Remembered browsers"),
        description=N_(
            "For so many days no second factor is asked at a browser that its user lets us remember; 0 for never, "
            "up to 90. What asks for a stronger proof still asks for it."
        ),
    )
    password_alone: bool = Field(
        default=False,
        title=N_("Password alone"),
        description=N_("Whether functions of low risk are open to people who have no second factor yet."),
    )
    passkey_alone: bool = Field(
        default=True,
        title=N_("Passkey alone"),
        description=N_(
            "Whether people may sign in with a passkey and nothing else; the device checks finger, face or PIN."
        ),
    )
    certificate_match: Literal["fingerprint", "subject"] = Field(
        default="fingerprint",
        title=N_("Certificates are known by"),
        description=N_(
            "By itself: each new certificate is registered anew. By its holder: a renewed one goes on working."
        ),
        json_schema_extra={"labels": dict(MATCHES)},
    )

    @field_validator(*_LIMITED, mode="before")
    @classmethod
    def _keeps_to_the_platforms_limits(cls, value: Any, info: ValidationInfo) -> Any:
        number = int(value) if isinstance(value, str) and value.isdecimal() else value
        if not isinstance(number, int) or isinstance(number, bool):
            return value
        for limit in cls.model_fields[info.field_name or ""].metadata:
            if isinstance(limit, Ge) and number < cast("int", limit.ge):
                raise Refusal(N_("Below the platform's floor: at least %(least)s is asked here."), least=limit.ge)
            if isinstance(limit, Le) and number > cast("int", limit.le):
                raise Refusal(N_("Beyond the platform's limit: at most %(most)s is allowed here."), most=limit.le)
        return value

    @model_validator(mode="after")
    def _is_strong_enough(self) -> Self:
        if len(set(self.factors)) != len(self.factors) or not self.factors:
            raise Refusal(N_("Name at least one second factor, and each once."))
        if set(self.factors) == {"sms"}:
            raise Refusal(
                N_("Below the platform's floor: codes by SMS are never the only second factor. Add totp or passkey.")
            )
        if len(set(self.names)) != len(self.names) or not self.names:
            raise Refusal(N_("Name at least one sign-in name, and each once."))
        if self.password_length_alone < self.password_length:
            raise Refusal(N_("A password alone cannot be shorter than one beside a second factor."))
        return self


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


@register
class ExportSection(Section):
    """To whom an export of the whole caisse can be read."""

    key = "export"
    title = N_("Key for exports")
    help = N_(
        "An export holds all data and documents of the caisse. It is encrypted to this key, and only who has the other "
        "half can read it: keep that one to yourselves, not on the platform."
    )
    group = ACCESS
    order = 40

    public_key: Annotated[str, Field(max_length=100)] = Field(
        default="",
        title=N_("Public key"),
        description=N_("Begins with age1; the program age-keygen makes it together with the secret half."),
    )

    @field_validator("public_key")
    @classmethod
    def _key_is_one(cls, value: str) -> str:
        try:
            return value and str(x25519.Recipient.from_str(value.strip()))
        except RecipientError:
            raise Refusal(N_("This is no public key; it begins with age1 and has 62 characters.")) from None
