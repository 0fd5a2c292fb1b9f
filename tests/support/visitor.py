"""A browser without a screen, over a real connection: keeps cookies, fills in the forms that a page holds."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html


@dataclass
class Page:
    """What came back, as text and as elements."""

    status: int
    path: str
    headers: http.client.HTTPMessage
    text: str

    @property
    def forms(self):
        """The forms of the page."""
        return html.fromstring(self.text).forms


@dataclass
class Visitor:
    """One person at a host; ``headers`` go with every request."""

    port: int
    host: str
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Page:
        """Open a page and follow where it leads."""
        return self.ask("GET", path)

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Page:
        """Send a request, keep the cookies, follow redirects."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        own = {"Host": f"{self.host}:{self.port}", "Origin": f"http://{self.host}:{self.port}"}
        connection.request(method, path, body, {**own, **cookies, **self.headers, **headers})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.update({name: one.value for name, one in SimpleCookie(line).items()})
        if answer.status in {301, 302, 303}:
            parts = urlsplit(urljoin(path, answer.headers["Location"]))
            return self.get(parts.path + (f"?{parts.query}" if parts.query else ""))
        return Page(answer.status, path, answer.headers, text)

    def submit(self, page: Page, action_end: str, **values: str) -> Page:
        """Send the form whose action ends so, with what it holds and with these values."""
        [form] = [one for one in page.forms if (one.action or page.path).endswith(action_end)][:1]
        body = urlencode(
            [*((name, value) for name, value in form.form_values() if name not in values), *values.items()]
        )
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", urljoin(page.path, form.action or page.path), body, **kind)
