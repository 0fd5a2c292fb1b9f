"""A message in words: title, reference, fields, totals and steps, for pages, REST and receipts alike."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext

from core.catalogue import registry
from core.catalogue.types import Kind as MessageKind
from core.declare.declaration import kinds_of
from core.declare.display import show_number
from core.declare.faults import FieldFault, get_fault, is_fault
from core.declare.spreadsheet import spell_options
from core.kernel.identifiers import group_code
from core.kernel.issues import Severity
from core.kernel.text import Text
from core.messaging.neutral import show_neutral

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.catalogue.types import MessageType
    from core.declare.kinds import Kind as DeclaredKind
    from core.kernel.issues import Rule
    from core.messaging.models import Finding, Message
    from core.messaging.rows import RowLine


@dataclass(frozen=True, slots=True)
class Line:
    """One named value."""

    name: str
    label: str
    value: str

    @property
    def key(self) -> str:
        """The same as ``name``, under the word that totals use."""
        return self.name


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding in words: what, why, how to mend it, and on what law it rests."""

    title: str
    why: str
    fix: str
    legal_source: str
    severity_label: str


def type_of(message: Message) -> MessageType:
    """Return the declaration of the message's own version."""
    return registry.get_type(message.type_key, message.type_version)


def title_of(message: Message) -> str:
    """Return the title without personal data: the type, its period, and what kind of message it is."""
    title = gettext(type_of(message).title)
    if message.period:
        title = gettext("%(title)s %(period)s") % {"title": title, "period": message.period}
    if message.kind == MessageKind.REQUEST:
        return gettext("Question about: %(title)s") % {"title": title}
    if message.substitutes_id:
        return gettext("%(title)s (replacement)") % {"title": title}
    return title


def reference_of(message: Message) -> str:
    """Return the reference as people read it: ``ABCD-EFGH``."""
    return group_code(message.reference)


def list_fields(message: Message, language: str) -> list[Line]:
    """Return the scalar entries that are filled in, in declared order, in the forms of the language."""
    lines = []
    for name, kind in kinds_of(type_of(message).declaration).items():
        value = show_entry(kind, message.payload.get(name), language)
        if value:
            lines.append(Line(name, gettext(kind.label), value))
    return lines


def show_entry(kind: Any, entry: object, language: str) -> str:
    """Return an entry for people; one that cannot be read is shown as it was typed."""
    try:
        shown = kind.display(kind.clean(entry), language)
    except FieldFault:
        return str(entry or "")
    return gettext(shown) if isinstance(shown, Text) and shown else str(shown)


def list_totals(message: Message, language: str) -> list[Line]:
    """Return the figures of the last check that the type declares."""
    totals: Mapping[str, Any] = message.summary.get("totals", {})
    return [
        Line(total.key, gettext(total.label), show_figure(totals[total.key], language))
        for total in type_of(message).totals
        if totals.get(total.key) is not None
    ]


def list_breakdown(message: Message, language: str) -> list[tuple[str, list[Line]]]:
    """Return the figures per group (for example per canton): group, then its lines."""
    by = type_of(message).breakdown_by
    groups: list[Mapping[str, Any]] = message.summary.get("breakdown", [])
    return [(str(figures.get(by) or "–"), list(_group_lines(message, figures, language))) for figures in groups]


def _group_lines(message: Message, figures: Mapping[str, Any], language: str) -> Iterator[Line]:
    for total in type_of(message).breakdown:
        if figures.get(total.key) is not None:
            yield Line(total.key, gettext(total.label), show_figure(figures[total.key], language))


def show_figure(figure: object, language: str) -> str:
    """Return a count or an amount in the forms of the language."""
    if isinstance(figure, int):
        return show_number(Decimal(figure), language)
    try:
        return show_number(Decimal(str(figure)), language)
    except InvalidOperation:
        return str(figure)


def rule_of(message: Message, code: str) -> Rule | None:
    """Return the rule behind a finding: a fault of one entry, or one of the theme's checks."""
    if is_fault(code):
        return get_fault(code)
    return type_of(message).rules.get(code)


OPTIONS_NAMED = 12
_AS_TYPED = frozenset({"text", "words", "heading"})


def describe_finding(message: Message, finding: Finding) -> FindingText:
    """Return a finding in the active language; unknown codes of older versions keep their code."""
    rule = rule_of(message, finding.code)
    severity = gettext(Severity(finding.severity).label)
    if rule is None:
        return FindingText(finding.code, "", "", "", severity)
    params = _Params({name: _shown(name, value) for name, value in finding.params.items()})
    if "choices" in params and (kind := _kind_of(message, finding)) is not None:
        params["choices"] = _some(spell_options(kind, get_language() or "", gettext)) or params["choices"]
    return FindingText(
        title=gettext(rule.title) % params,
        why=gettext(rule.why) % params if rule.why else "",
        fix=gettext(rule.fix) % params if rule.fix else "",
        legal_source=gettext(rule.legal_source) if rule.legal_source else "",
        severity_label=severity,
    )


def _some(options: list[str]) -> str:
    return ", ".join([*options[:OPTIONS_NAMED], *(["…"] if len(options) > OPTIONS_NAMED else [])])


def _kind_of(message: Message, finding: Finding) -> DeclaredKind[Any] | None:
    kinds = row_kinds(message) if finding.row_number is not None else field_kinds(message)
    return kinds.get(finding.field)


def _shown(name: str, value: Any) -> Any:
    # A field's label is kept as the text of the sources, since a finding outlives the language it was made in.
    if isinstance(value, Text) or (name == "label" and value):
        return gettext(value)
    return show_neutral(value, get_language() or "") if isinstance(value, str) and name not in _AS_TYPED else value


class _Params(dict[str, Any]):
    """Placeholders that a finding of an older version does not know stay empty instead of failing."""

    def __missing__(self, key: str) -> str:
        return ""


def field_kinds(message: Message) -> dict[str, Any]:
    """Return the kinds of the scalar fields by name."""
    return dict(kinds_of(type_of(message).declaration))


def row_kinds(message: Message) -> dict[str, Any]:
    """Return the kinds of a row's fields by name; empty where the type has no rows."""
    row_type = type_of(message).rows
    return dict(kinds_of(row_type)) if row_type else {}


def label_of_row(message: Message, line: RowLine) -> str:
    """Return whom a row is about, in a few words."""
    names = [str(line.entries.get(name) or "") for name in type_of(message).row_label]
    return " ".join(filter(None, names)) or gettext("Row %(number)s") % {"number": line.number}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure beside last year's."""

    label: str
    now: str
    before: str
    change_percent: str


def compare_totals(message: Message, last: Message, language: str) -> list[Comparison]:
    """Return the declared figures beside those of an earlier message."""
    now, before = message.summary.get("totals", {}), last.summary.get("totals", {})
    return [
        Comparison(
            gettext(total.label),
            show_figure(now.get(total.key, 0), language),
            show_figure(before.get(total.key, 0), language),
            _change(now.get(total.key, 0), before.get(total.key, 0)),
        )
        for total in type_of(message).totals
    ]


def _change(now: object, before: object) -> str:
    try:
        one, other = Decimal(str(now)), Decimal(str(before))
    except InvalidOperation:
        return ""
    if not other:
        return ""
    return f"{(one - other) / other * 100:+.1f} %"
