"""Every text that can be sent, and what a text may be."""

from __future__ import annotations

import pytest

from core.kernel.text import N_
from core.notices.texts import Notice, declare, get_notice, list_notices, placeholders


@pytest.mark.parametrize("notice", list_notices(), ids=lambda notice: notice.code)
def test_subject_names_nobody_and_body_has_its_fields(notice):
    assert placeholders(notice.subject) <= {"caisse"}
    assert placeholders(notice.body) - {"caisse"} == notice.fields
    assert get_notice(notice.code) is notice


def test_subject_with_a_merge_field_is_refused():
    with pytest.raises(ValueError, match="subject"):
        Notice(code="x", subject=N_("Dear %(name)s"), body=N_("%(name)s"), fields=frozenset({"name"}))


def test_body_and_fields_must_agree():
    with pytest.raises(ValueError, match="body"):
        Notice(code="x", body=N_("%(name)s"), fields=frozenset())


def test_code_is_used_once():
    known = list_notices()[0]
    assert declare(known) is known
    with pytest.raises(ValueError, match="two texts"):
        declare(Notice(code=known.code, body=N_("Something else")))


def test_fields_given_must_be_those_declared():
    notice = Notice(code="x", body=N_("%(name)s"), fields=frozenset({"name"}))
    notice.check({"name": "Anne"})
    with pytest.raises(ValueError, match="takes"):
        notice.check({"name": "Anne", "more": "x"})
