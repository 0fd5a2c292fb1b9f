"""Errors that reach a person: a stable code, an HTTP status, and a message in the docstring."""

from __future__ import annotations

from typing import ClassVar

from core.kernel.text import Text


class RelaisError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params

    @property
    def message(self) -> Text:
        """The class docstring: an English message identifier with ``%(param)s`` placeholders."""
        return Text(" ".join((type(self).__doc__ or "").split()))

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class NotFound(RelaisError):
    """This page or record does not exist, or it is not yours to see."""

    code = "not_found"
    status = 404


class NotPermitted(RelaisError):
    """Your rights do not cover this. Ask an administrator of your company for access."""

    code = "not_permitted"
    status = 403


class AssuranceTooLow(NotPermitted):
    """This needs a stronger sign-in than the one you used."""

    code = "assurance_too_low"


class Conflict(RelaisError):
    """Somebody else changed this in the meantime. Reload the page and look at the new state."""

    code = "conflict"
    status = 409


class InvalidInput(RelaisError):
    """Some entries need correction."""

    code = "invalid"
    status = 422


class TooManyAttempts(RelaisError):
    """Too many attempts. Wait %(minutes)s minutes and try again."""

    code = "too_many_attempts"
    status = 429


class Unavailable(RelaisError):
    """The service cannot answer just now. Nothing you entered is lost; try again in a minute."""

    code = "unavailable"
    status = 503


def find_error(code: str) -> type[RelaisError] | None:
    """Return the class of a code that was kept, so that it is told in its reader's language."""
    waiting: list[type[RelaisError]] = [RelaisError]
    while waiting:
        kind = waiting.pop()
        if kind.code == code:
            return kind
        waiting.extend(kind.__subclasses__())
    return None
