"""The numbers by which applicants are known, read as their jurisdiction writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext

from core.accounts.models import Party
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.declare.faults import FieldFault
from core.declare.kinds import Text
from core.enrolment.errors import NumberNotValid
from core.enrolment.readers import find_numbers
from core.kernel.text import N_

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.declare.kinds import Kind
    from tenants.scope import CaisseRef

LONGEST = 40
_LABEL = N_("Number")
_COMPANIES = frozenset({"employer", "agent"})


def kind_of_number(caisse: CaisseRef, party_kind: str) -> Kind[Any]:
    """Return how the number of such a party is read at this caisse; plain text where nobody said."""
    numbers = find_numbers(configuration.get(caisse, LocaleSection).jurisdiction)
    if numbers is None:
        return Text(label=_LABEL, max_length=LONGEST)
    return (numbers.company if party_kind in _COMPANIES else numbers.person)()(label=_LABEL)


def read_number(caisse: CaisseRef, party_kind: str, typed: str) -> str:
    """Return the canonical number; raises ``number_not_valid`` with what is wrong and how to mend it."""
    try:
        return str(kind_of_number(caisse, party_kind).clean(typed[: 4 * LONGEST]))
    except FieldFault as fault:
        rule = fault.rule
        params = {"text": typed.strip(), "label": gettext(_LABEL), **fault.params}
        raise NumberNotValid(why=gettext(rule.why) % params, fix=gettext(rule.fix) % params) from None


def show_number(caisse: CaisseRef, party_kind: str, number: str) -> str:
    """Return a canonical number as it is written."""
    return kind_of_number(caisse, party_kind).show(number, "")


def find_parties(caisse: CaisseRef, party_kinds: Collection[str], number: str) -> list[Party]:
    """Return the parties of these kinds that have this number, their own or their company's, in the open scope."""
    spelled = {number} | {show_number(caisse, kind, number) for kind in party_kinds}
    found = Party.objects.filter(kind__in=list(party_kinds)).exclude(state="ended")
    return list(found.filter(Q(number__in=spelled) | Q(enterprise_number__in=spelled)).order_by("number", "id")[:20])
