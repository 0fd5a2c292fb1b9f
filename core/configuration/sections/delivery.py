"""How documents reach a party: in the portal, by post, or as she chooses."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from core.configuration.registry import OFFER, Part, Refusal, Section, register
from core.configuration.sections.types import Slug
from core.kernel.text import N_

Way = Literal["electronic", "post"]
Rule = Literal["electronic", "post", "choice"]
WAYS = {"electronic": N_("in the portal"), "post": N_("by post"), "choice": N_("as the employer chooses")}
WINDOWS = {"right": N_("right"), "left": N_("left")}
_RULE_HELP = N_("What goes by post also lies in the portal.")


class DeliveryRule(Part):
    """One kind of document that reaches a party in another way than the rest."""

    what: Slug = Field(
        title=N_("Kind of document"),
        json_schema_extra={"choices": "delivered"},
    )
    way: Rule = Field(
        default="choice", title=N_("Delivery"), description=_RULE_HELP, json_schema_extra={"labels": dict(WAYS)}
    )


@register
class DeliverySection(Section):
    """How documents reach a party."""

    key = "delivery"
    title = N_("Delivery of documents")
    help = N_(
        "How decisions and questions reach employers and insured persons: in the portal, by post, or as they choose."
    )
    group = OFFER
    order = 20

    way: Rule = Field(
        default="electronic", title=N_("Delivery"), description=_RULE_HELP, json_schema_extra={"labels": dict(WAYS)}
    )
    unless_chosen: Way = Field(
        default="electronic",
        title=N_("Until somebody has chosen"),
        description=N_("Holds where the choice is open and nobody has made it."),
        json_schema_extra={"labels": {name: WAYS[name] for name in ("electronic", "post")}},
    )
    window: Literal["right", "left"] = Field(
        default="right",
        title=N_("Window of the envelopes"),
        description=N_("Where the address stands on letters that the caisse prints itself."),
        json_schema_extra={"labels": dict(WINDOWS)},
    )
    rules: tuple[DeliveryRule, ...] = Field(
        default=(), title=N_("Exceptions"), description=N_("Kinds of document that reach people in another way.")
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [rule.what for rule in self.rules]
        if twice := {name for name in names if names.count(name) > 1}:
            raise Refusal(N_("%(name)s is named twice."), name=min(twice))
        return self

    def rule_of(self, what: str) -> Rule:
        """Return how a kind of document is delivered."""
        return next((rule.way for rule in self.rules if rule.what == what), self.way)
