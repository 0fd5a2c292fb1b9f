"""The provider of identities that a caisse trusts, by OpenID Connect, and what its word is worth here."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from django.conf import settings
from pydantic import Field, field_validator, model_validator

from core.configuration.registry import ACCESS, Part, Refusal, Section, register
from core.configuration.secret import Secret
from core.configuration.sections.types import LEVELS, Level
from core.kernel.text import N_

_LOCAL = frozenset({"localhost", "127.0.0.1"})
# What can pass from one person to another, or is chosen by her: no account is ever found by these.
_CHANGING = frozenset({"email", "preferred_username", "nickname", "name", "given_name", "family_name", "phone_number"})
CLAIMS = {"acr": N_("acr, the class of the sign-in"), "amr": N_("amr, the methods used")}


class OpenIdLevel(Part):
    """What one value of ``acr`` or ``amr`` is worth here."""

    claim: Literal["acr", "amr"] = Field(default="acr", title=N_("Claim"), json_schema_extra={"labels": dict(CLAIMS)})
    value: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        title=N_("Value"), description=N_("As the provider sends it.")
    )
    level: Level = Field(title=N_("Level"), json_schema_extra={"labels": dict(LEVELS)})


@register
class OpenIdSection(Section):
    """Sign-in by an OpenID provider."""

    key = "openid"
    title = N_("Sign-in by another provider (OpenID Connect)")
    help = N_(
        "People can sign in with an account that they have elsewhere, once they have linked it here. Register the "
        "address of your portal followed by /sign-in/openid/back/ at the provider, exactly so."
    )
    group = ACCESS
    order = 15

    name: Annotated[str, Field(max_length=60)] = Field(
        default="", title=N_("Name on the button"), description=N_("Such as AGOV. Empty: this way in is not offered.")
    )
    issuer: Annotated[str, Field(max_length=400)] = Field(
        default="",
        title=N_("Issuer"),
        description=N_("The provider's address, beginning with https://, exactly as it names itself."),
        json_schema_extra={"control": "line"},
    )
    client_id: Annotated[str, Field(max_length=200)] = Field(default="", title=N_("Client ID"))
    client_secret: Secret = Field(
        default=Secret(), title=N_("Client secret"), description=N_("Kept encrypted and shown to nobody.")
    )
    scopes: tuple[Annotated[str, Field(pattern=r"^[!#-\[\]-~]{1,60}$")], ...] = Field(
        default=("openid",), title=N_("Scopes"), description=N_("openid is always among them.")
    )
    acr_values: Annotated[str, Field(max_length=200)] = Field(
        default="", title=N_("Classes asked for (acr_values)"), description=N_("Separated by spaces; mostly empty.")
    )
    claim: Annotated[str, Field(pattern=r"^[A-Za-z0-9_:./-]{1,100}$")] = Field(
        default="sub",
        title=N_("Claim that finds the user"),
        description=N_("sub, unless the provider has another one that never changes hands."),
    )
    levels: tuple[OpenIdLevel, ...] = Field(
        default=(),
        title=N_("What the provider's word is worth"),
        description=N_("The highest that fits holds; what is not listed counts as a password alone."),
    )

    @field_validator("issuer")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        found = urlsplit(value)
        is_local = settings.EMBEDDED and found.scheme == "http" and found.hostname in _LOCAL
        if value and not (found.hostname and (found.scheme == "https" or is_local)):
            raise Refusal(N_("An issuer's address begins with https://."))
        if found.query or found.fragment or found.username or found.password:
            raise Refusal(N_("An issuer's address has neither a question mark nor a sign-in name."))
        return value

    @field_validator("claim")
    @classmethod
    def _stays_with_one_person(cls, value: str) -> str:
        if value in _CHANGING:
            raise Refusal(N_("%(claim)s can change hands; choose sub or another claim that never does."), claim=value)
        return value

    @field_validator("scopes")
    @classmethod
    def _asks_for_openid(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in value:
            raise Refusal(N_("openid has to be among the scopes."))
        return value

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.name and not (self.issuer and self.client_id):
            raise Refusal(N_("Name the issuer and the client ID too, or leave the name empty."))
        return self

    @property
    def is_offered(self) -> bool:
        """Whether people may sign in by the provider."""
        return bool(self.name)

    def level_of(self, acr: str, amr: tuple[str, ...]) -> int:
        """Return what a sign-in there is worth here."""
        said = {"acr": {acr}, "amr": set(amr)}
        return max([1, *(one.level for one in self.levels if one.value in said[one.claim])])
