"""A caisse's own texts: their merge fields checked, filled in when sent, shown with sample values before.

Own texts write a merge field as ``{name}``; the platform's write it ``%(name)s``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext

from core.configuration import configuration
from core.configuration.sections import TextsSection
from core.kernel.text import N_
from core.notices.promises import add_promise, find_promise
from core.notices.texts import STANDARD_FIELDS, get_notice, list_replaceable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.configuration.sections import OwnText
    from core.notices.texts import Notice
    from tenants.reference import CaisseRef

_FIELD = re.compile(r"\{([^{}\n]*)\}")
_PLATFORMS = re.compile(r"%\((\w+)\)s")
SAMPLES = {
    "party": N_("Example Ltd"),
    "company": N_("Example Ltd"),
    "link": "https://…",
    "code": "123456",
    "minutes": "10",
    "title": N_("Decision"),
    "reference": "26-4KQ-7TX",
    "question": N_("For whom is the amount in line 12?"),
    "due": "31.1.2027",
    "day": "31.1.2027",
    "when": "31.1.2027, 10:15",
    "at": "31.1.2027, 10:15",
    "accepted": "31.1.2027",
    "sent": "2.2.2027",
    "count": "2",
    "left": "3",
    "device": "Firefox, Linux",
    "login": "K7MP-2XQ9-4",
    "password": "wort-berg-licht-sonne",
    "people": "Anne Exemple, Beat Exemple",
    "reason": N_("Example Ltd"),
    "effect": N_("a mandate has been changed."),
    "changes": "+ …",
    "change": N_("a mandate has been changed."),
    "what": N_("a mandate has been changed."),
    "by": "Anne Exemple",
    "name": "Anne Exemple",
    "address": "https://…",
    "until": "31.1.2027",
    "next": "1.2.2027",
    "last": "31.1.2028",
}


def name_notices() -> dict[str, str]:
    """Return the marked name of every text that a caisse can replace, by its code."""
    return {one.code: title for one, title in list_replaceable()}


def find_text_faults(section: TextsSection) -> Iterator[str]:
    """Yield what is wrong with merge fields, with its place, in the active language."""
    for number, text in enumerate(section.texts):
        if text.notice in name_notices():
            for place, fault in _faults_of(get_notice(text.notice), text):
                yield f"texts.{number}.{place}: {fault}"


def _faults_of(notice: Notice, text: OwnText) -> Iterator[tuple[str, str]]:
    subject = sorted(_fields_in(text.subject) - STANDARD_FIELDS)
    if subject:
        yield "subject", gettext(N_("The subject may name {caisse} only, not %(names)s.")) % {"names": _shown(subject)}
    allowed = notice.fields | STANDARD_FIELDS
    if unknown := sorted(_fields_in(text.body) - allowed):
        reason = gettext(N_("There is no merge field %(names)s in this text. These exist: %(known)s."))
        yield "body", reason % {"names": _shown(unknown), "known": _shown(sorted(allowed))}
    if missing := sorted(notice.fields - _fields_in(text.body)):
        yield "body", gettext(N_("The text must hold %(names)s.")) % {"names": _shown(missing)}


def _shown(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _fields_in(text: str) -> frozenset[str]:
    return frozenset(_FIELD.findall(text))


def write_text(caisse: CaisseRef, notice: Notice, language: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Return subject and text for a reader of a language: the caisse's own where it has one that fits.

    An own text that lacks a merge field which the platform's has got since gives way to the platform's.
    """
    own = configuration.get(caisse, TextsSection).find(notice.code, language)
    return fill_text(notice, language, values, own)


def fill_text(notice: Notice, language: str, values: Mapping[str, str], own: OwnText | None) -> tuple[str, str]:
    """Return subject and text with their merge fields filled in.

    A caisse's own text about an access says like the platform's that nobody ever asks for what opens it.
    """
    with translation.override(language):
        subject, body = gettext(notice.subject) % values, gettext(notice.body) % values
    if own is None or any(_faults_of(notice, own)):
        return subject, body
    promise = find_promise(notice, language) % values
    return _fill(own.subject, values) or subject, add_promise(_fill(own.body, values), promise)


def _fill(text: str, values: Mapping[str, str]) -> str:
    # Values are put in at once, so that one which holds braces is never read as a merge field.
    return _FIELD.sub(lambda found: values[found[1]], text)


def write_sample(caisse_name: str, notice: Notice, language: str, own: OwnText | None) -> tuple[str, str]:
    """Return subject and text as a reader would have them, with sample values."""
    with translation.override(language):
        values = {name: gettext(SAMPLES.get(name, f"‹{name}›")) for name in notice.fields}
    return fill_text(notice, language, {**values, "caisse": caisse_name}, own)


def show_promise(caisse_name: str, notice: Notice, language: str) -> str:
    """Return the sentence that the platform adds to an own text which lacks it, or nothing."""
    return find_promise(notice, language) % {"caisse": caisse_name}


def show_platforms(notice: Notice, language: str) -> tuple[str, str]:
    """Return the platform's subject and text with merge fields as own texts write them."""
    with translation.override(language):
        texts = gettext(notice.subject), gettext(notice.body)
    subject, body = (_PLATFORMS.sub(r"{\1}", one).replace("%%", "%") for one in texts)
    return subject, body
