"""A component that is not to be had is named, with what would install it."""

from __future__ import annotations

import pytest

from tests.production.components.base import Component, NotStarted
from tests.production.components.stack import CannotRun, Stack


class _Absent(Component):
    programs = ("relais-no-such-program",)
    packages = ("relais-no-such-package",)


class _Dying(Component):
    def launch(self) -> None:
        self.spawn("sh", "-c", "echo its last words; exit 3")


def test_absent_component_is_named_with_its_package(stack):
    with pytest.raises(
        CannotRun, match=r"relais-no-such-program not installed.*apt-get install relais-no-such-package"
    ):
        stack.need(_Absent)


def test_component_that_dies_is_said_with_its_last_words(stack):
    with pytest.raises(NotStarted, match="its last words"):
        stack.need(_Dying)


def test_stopped_stack_leaves_nothing():
    stack = Stack()
    (stack.home / "x").write_text("x")
    stack.stop()
    assert not stack.home.exists()
