"""What is left to the long form: only what says which tests prove the same, and only where these run."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.support import long_forms

SHORT = "tests/a/test_a.py::test_one[fr]"


class Item(SimpleNamespace):
    def get_closest_marker(self, _name):
        return self.marked


def item(nodeid, marked=None):
    return Item(nodeid=nodeid, marked=marked and marked.mark)


@pytest.fixture(autouse=True)
def short_form(monkeypatch):
    monkeypatch.delenv("FULL", raising=False)


def test_what_has_a_short_form_that_runs_is_left_out():
    long = item("tests/a/test_a.py::test_one[de]", pytest.mark.long(short=[SHORT]))
    assert long_forms.leave_out([item(SHORT), long]) == [long]


def test_what_is_asked_for_without_its_short_form_runs():
    both = pytest.mark.long(short=[SHORT, "tests/b/test_b.py::"])
    long = item("tests/a/test_a.py::test_one[de]", both)
    assert long_forms.leave_out([item(SHORT), long]) == []
    assert long_forms.leave_out([item(SHORT), item("tests/b/test_b.py::test_x"), long]) == [long]


def test_what_is_short_in_itself_runs():
    assert long_forms.leave_out([item(SHORT), item("tests/a/test_a.py::test_two", pytest.mark.long)]) == []


def test_whole_nothing_is_left_out(monkeypatch):
    monkeypatch.setenv("FULL", "1")
    assert long_forms.leave_out([item(SHORT), item("x", pytest.mark.long(short=[SHORT]))]) == []
