"""Search at the desk over messages and parties: accents and case do not matter, words may be begun only."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Func, Q, TextField

from core.accounts.models import Party
from core.kernel.folding import fold, spell_out, words_of
from core.messaging.desk_guards import open_to
from core.messaging.models import Message, SearchText
from core.messaging.selectors import PAGE, BadCursor, Page, list_readable, paginate
from core.messaging.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.kernel.actors import Actor

MOST_WORDS, LONGEST = 12, 200
AROUND = 60
_ACCENTS = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ"
_PLAIN = "aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuy"


class Folded(Func):
    """A party's number, name and town without accents; the index ``party_folded`` is on this very expression."""

    output_field = TextField()
    template = (
        "translate(replace(replace(replace(lower(%(expressions)s), 'ß', 'ss'), 'œ', 'oe'), 'æ', 'ae'), "
        f"'{_ACCENTS}', '{_PLAIN}')"
    )
    arg_joiner = " || ' ' || "


@dataclass(frozen=True, slots=True)
class PartyPage:
    """One page of parties by name, and the cursor of the next one."""

    parties: list[Party]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text around what was found; ``is_hit`` where it is what was looked for."""

    text: str
    is_hit: bool


def search_messages(
    viewer: Actor, text: str, *, theme: str | None = None, cursor: str | None = None, limit: int = PAGE
) -> Page:
    """Return the messages that have all these words, newest change first, in the viewer's themes and open files."""
    query = _query(text)
    if query is None:
        return Page([], None)
    hits = SearchText.objects.filter(document=query)
    found = Message.objects.filter(id__in=hits.values("message_id"), theme__in=list_readable(viewer))
    found = found.exclude(state__in=[str(State.DRAFT), str(State.DISCARDED)])
    if theme:
        found = found.filter(theme=theme)
    return paginate(open_to(viewer, found), cursor, limit)


def explain_hits(messages: Iterable[Message], text: str) -> dict[UUID, list[Piece]]:
    """Return for each message the place where the words stand, in pieces to be shown as text; one query."""
    query, named = _query(text), [one.id for one in messages]
    if query is None or not named:
        return {}
    hits = SearchText.objects.filter(message_id__in=named, document=query)
    first = hits.order_by("message_id", "part").distinct("message_id")
    return {message_id: mark(found, text) for message_id, found in first.values_list("message_id", "text")}


def search_parties(viewer: Actor, text: str, *, cursor: str | None = None, limit: int = PAGE) -> PartyPage:
    """Return the parties whose number, name or town have these words or parts of words, by name; open files only."""
    found = open_to(viewer, Party.objects.all(), "id")
    wanted = [one for one in (words_of(fold(word)) for word in _cut(text)) if one]
    if text.strip() and not wanted:
        return PartyPage([], None)
    if wanted:
        found = found.annotate(folded=Folded(F("number"), F("name"), F("town")))
        for word in _cut(text):
            for part in words_of(fold(word)):
                found = found.filter(folded__contains=part)
    if cursor:
        name, number, last = _read_cursor(cursor)
        found = found.filter(
            Q(name__gt=name) | Q(name=name, number__gt=number) | Q(name=name, number=number, id__gt=last)
        )
    listed = list(found.order_by("name", "number", "id")[: limit + 1])
    return PartyPage(listed[:limit], _write_cursor(listed[limit - 1]) if len(listed) > limit else None)


def mark(text: str, wanted: str) -> list[Piece]:
    """Return a text's part around the first hit, cut into pieces; the whole words that were found are hits."""
    needles = [needle for word in _cut(wanted) for needle in _needles(word)]
    tokens = text.split()
    hits = [_is_hit(token, needles) for token in tokens]
    first = hits.index(True) if True in hits else 0
    begin, end = _window(tokens, first)
    pieces = [Piece("… ", is_hit=False)] if begin else []
    for token, is_hit in zip(tokens[begin:end], hits[begin:end], strict=True):
        pieces += [Piece(token, is_hit), Piece(" ", is_hit=False)]
    return [*pieces, Piece("…", is_hit=False)] if end < len(tokens) else pieces


def _window(tokens: list[str], first: int) -> tuple[int, int]:
    begin, room = first, AROUND
    while begin and room > 0:
        begin -= 1
        room -= len(tokens[begin]) + 1
    end, room = first, 2 * AROUND
    while end < len(tokens) and room > 0:
        room -= len(tokens[end]) + 1
        end += 1
    return begin, end


def _is_hit(token: str, needles: list[str]) -> bool:
    words = [*words_of(fold(token)), *words_of(spell_out(token))]
    return any(word.startswith(needle) for word in [*words, "".join(words_of(fold(token)))] for needle in needles)


def _needles(word: str) -> set[str]:
    parts = words_of(fold(word))
    return {*parts, "".join(parts), *words_of(spell_out(word))} - {""}


def _cut(text: str) -> list[str]:
    return text[:LONGEST].split()[:MOST_WORDS]


def _query(text: str) -> SearchQuery | None:
    """Return all words, each begun at least; with signs within, in one piece or in its parts."""
    terms = [term for term in map(_term, _cut(text)) if term]
    return SearchQuery(" & ".join(terms), config="simple", search_type="raw") if terms else None


def _term(word: str) -> str:
    parts = words_of(fold(word))
    if not parts:
        return ""
    ways = {_begun(parts), _begun(["".join(parts)]), _begun(words_of(spell_out(word)))}
    return f"({' | '.join(sorted(ways))})"


def _begun(parts: list[str]) -> str:
    *whole, last = [f"'{part}'" for part in parts]
    return "(" + " & ".join([*whole, f"{last}:*"]) + ")"


def _write_cursor(party: Party) -> str:
    raw = json.dumps([party.name, party.number, str(party.id)]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[str, str, UUID]:
    try:
        raw: list[Any] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return str(raw[0]), str(raw[1]), UUID(raw[2])
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError):
        raise BadCursor from None
