"""What a caisse's administrators see of exports and of a deletion."""

from __future__ import annotations

import html

from core.transfer import deleting
from core.transfer.services import note_export
from tests.support.export import OPERATOR, PUBLIC


def _page(office, name="gilles"):
    answer = office.browser(name, HTTP_ACCEPT_LANGUAGE="en").get("/console/leaving/")
    return html.unescape(answer.content.decode()) if answer.status_code == 200 else answer.status_code


def test_administrator_sees_what_was_done_and_for_which_key(office, other_office):
    assert "Nothing yet: no export was made" in _page(office)
    note_export(actor=OPERATOR, caisse=office.caisse, public_key=PUBLIC)
    deletion = deleting.ask_deletion(actor=OPERATOR, caisse=office.caisse)
    deleting.cancel_deletion(actor=OPERATOR, deletion_id=deletion.id)
    page = _page(office)
    for told in ("Everything was exported", PUBLIC, "The deletion was asked for", "The deletion was cancelled", "Olga"):
        assert told in page
    assert PUBLIC not in _page(other_office)
    assert _page(office, "elena") in {302, 403, 404}
