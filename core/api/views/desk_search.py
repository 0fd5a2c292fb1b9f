"""The desk's search by REST; posted, since it holds names and addresses are logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api import inputs, schemas, shapes
from core.api.base import ApiView
from core.messaging import desk_search

if TYPE_CHECKING:
    from rest_framework.request import Request


class SearchView(ApiView):
    """Messages and parties by words."""

    for_desk = True
    reads_by_post = True

    @extend_schema(operation_id="desk_search", request=schemas.Search, responses=schemas.Found)
    def post(self, request: Request) -> Response:
        """Return a page of messages that have all words, with the place, and on the first page the parties."""
        wanted = inputs.read(inputs.Search, request.data)
        return Response(self.read(lambda: self._find(wanted)))

    def _find(self, wanted: inputs.Search) -> dict[str, Any]:
        page = desk_search.search_messages(self.actor, wanted.text, theme=wanted.theme, cursor=wanted.cursor)
        places = desk_search.explain_hits(page.messages, wanted.text)
        first = wanted.cursor is None and wanted.text.strip()
        parties = desk_search.search_parties(self.actor, wanted.text).parties if first else []
        return {
            "messages": [
                shapes.message(one, self.actor) | {"place": "".join(piece.text for piece in places.get(one.id, []))}
                for one in page.messages
            ],
            "next": page.next_cursor,
            "parties": [
                {"id": str(one.id), "number": one.number, "name": one.name, "town": one.town} for one in parties
            ],
        }
