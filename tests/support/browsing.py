"""The browser of tests without a real one: Django's client, reading to the end, on a chain of middleware made once per process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.test import Client

if TYPE_CHECKING:
    from django.test.client import ClientHandler


class Browser(Client):
    """A browser that reads every answer to its end, as browsers do; only then is a file behind it closed.

    Making the chain of middleware lists every static file (some 50 ms), and thousands of browsers are opened: all
    share the first one's. A test that changes the chain itself takes Django's own client.
    """

    _first: ClassVar[ClientHandler | None] = None

    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        if Browser._first is None:
            self.handler.load_middleware()
            Browser._first = self.handler
        self.handler._middleware_chain = Browser._first._middleware_chain

    def request(self, **request: Any) -> Any:
        """Send a request and read its answer."""
        answer = super().request(**request)
        if answer.streaming:
            answer.streaming_content = [b"".join(answer.streaming_content)]
        return answer
