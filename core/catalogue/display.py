"""How long the portal lists what is completed, apart from how long it is kept; in force within the open scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext, ngettext

from core.catalogue import document_kinds, registry
from core.configuration import configuration
from core.configuration.sections import RetentionSection
from core.kernel import clock
from core.kernel.periods import months_before
from core.kernel.text import N_
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.scope import CaisseRef

YEAR = 12
NOTHING = Q(pk__in=[])


def outlived(what: str, since: str) -> Q:
    """Return the condition of what is no longer listed: ``what`` names the column of type or kind, ``since`` its day.

    Costs no query; rows stay, whoever has a link still opens them.
    """
    section, now = configuration.get(current_caisse(), RetentionSection), clock.now()
    found = NOTHING
    for rule in section.rules:
        if rule.display_months:
            found |= Q(**{what: rule.what, f"{since}__lt": months_before(now, rule.display_months)})
    if section.display_months:
        others = ~Q(**{f"{what}__in": [rule.what for rule in section.rules]})
        found |= others & Q(**{f"{since}__lt": months_before(now, section.display_months)})
    return found


def describe_messages(caisse: CaisseRef, type_keys: Iterable[str]) -> list[str]:
    """Return sentences on how long completed messages of these types are listed; none where there is no limit."""
    section = configuration.get(caisse, RetentionSection)
    names = {key: registry.get_type(key).title for key in type_keys}
    limits = {key: section.rule_of(key).display_months for key in names}
    general = section.display_months
    lines = []
    if general and general in limits.values():
        text = gettext(N_("Completed messages are listed for %(period)s. The caisse keeps older ones."))
        lines.append(text % {"period": say_period(general)})
    named = gettext(N_("“%(title)s” is listed for %(period)s after it was completed."))
    return lines + [
        named % {"title": gettext(names[key]), "period": say_period(months)}
        for key, months in limits.items()
        if months and months != general
    ]


def describe_documents(caisse: CaisseRef) -> list[str]:
    """Return a sentence on how long decisions, the documents of a dossier, are listed; none without a limit."""
    months = configuration.get(caisse, RetentionSection).rule_of(document_kinds.DECISION.slug).display_months
    text = gettext(N_("Documents are listed for %(period)s. The caisse keeps older ones."))
    return [text % {"period": say_period(months)}] if months else []


def say_period(months: int) -> str:
    """Return a duration in words, in years where it is whole years."""
    if months % YEAR:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    return ngettext("%(n)s year", "%(n)s years", months // YEAR) % {"n": months // YEAR}
