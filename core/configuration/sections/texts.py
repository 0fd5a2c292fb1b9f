"""The caisse's own texts of mails, SMS and letters; what it does not name stays the platform's."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from core.configuration.registry import CONTACT, Part, Refusal, Section, register
from core.configuration.sections.appearance import LANGUAGES
from core.configuration.sections.types import Line
from core.kernel.text import N_


class OwnText(Part):
    """One text in one language, in the place of the platform's."""

    notice: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{1,79}$")] = Field(
        title=N_("Occasion"), description=N_("Which text it replaces."), json_schema_extra={"choices": "notices"}
    )
    language: Literal["fr", "de", "it", "en"] = Field(
        title=N_("Language"), json_schema_extra={"labels": dict(LANGUAGES)}
    )
    subject: Line = Field(
        default="",
        title=N_("Subject"),
        description=N_("It may name {caisse} and nobody else; bystanders read it. Empty: the platform's."),
    )
    body: Annotated[str, Field(min_length=1, max_length=5000)] = Field(
        title=N_("Text"), description=N_("With the merge fields of the platform's text, such as {link}.")
    )

    @field_validator("subject")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        if any(ord(sign) < ord(" ") for sign in value):
            raise Refusal(N_("A subject is one line."))
        return value


@register
class TextsSection(Section):
    """Own texts."""

    key = "texts"
    title = N_("Own texts of mails, SMS and letters")
    help = N_(
        "Texts that the caisse writes itself, one for each occasion and language. The page of all texts shows them."
    )
    group = CONTACT
    order = 50

    texts: tuple[OwnText, ...] = Field(
        default=(), title=N_("Own texts"), description=N_("What is not listed stays the platform's text.")
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        places = [(text.notice, text.language) for text in self.texts]
        if twice := {place for place in places if places.count(place) > 1}:
            raise Refusal(N_("%(name)s is named twice."), name=" ".join(min(twice)))
        return self

    def find(self, notice: str, language: str) -> OwnText | None:
        """Return the caisse's own text for an occasion in a language."""
        return next((text for text in self.texts if (text.notice, text.language) == (notice, language)), None)

    def replace(self, notice: str, language: str, text: OwnText | None) -> TextsSection:
        """Return the section with another text in this place, or with none."""
        others = [one for one in self.texts if (one.notice, one.language) != (notice, language)]
        kept = [*others, text] if text else others
        return TextsSection(texts=tuple(sorted(kept, key=lambda one: (one.notice, one.language))))
