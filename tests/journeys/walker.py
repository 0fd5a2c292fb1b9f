"""A person at her browser: signs in with the code that reaches her by SMS, walks, and looks with axe."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Locator, Page

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
AXE = ROOT / "infra" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
# Pages that a person of this run has been looked over at, with her language.
_SEEN: set[tuple[str, str]] = set()
HOME = re.compile(r"/(p/|clerk/)")
CODE = re.compile(r"\b(\d{3}\s?\d{3})\b")


@dataclass
class Walker:
    """One person, one browser context. ``texts`` returns every SMS that arrived so far, oldest first.

    Without ``shots`` no pictures of what was looked at are kept; without ``axe`` pages are measured only,
    as in the second language of a walk, whose pages axe has seen in the first. With ``key_of``, which
    returns a session's key for an address, only the first person of a run in each language walks
    through the sign-in's pages; it is the same for all.
    """

    browser: Browser
    base: str
    texts: Callable[[], list[str]]
    language: str
    shots: Path | None
    key_of: Callable[[str], str] | None = None
    axe: bool = True
    page: Page = field(init=False)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        context = self.browser.new_context(locale=f"{self.language}-CH", viewport=WIDE, accept_downloads=True)
        context.set_default_timeout(60_000)
        self.page = context.new_page()
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:
            self.faults.append(f"console: {text}")

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(f"{self.base}{path}")

    def go_until(self, path: str, there: Locator) -> None:
        """Open a page again and again until something is on it that the platform brings by itself within moments."""
        deadline = time.monotonic() + 20
        self.go(path)
        while not there.count() and time.monotonic() < deadline:
            self.page.wait_for_timeout(250)
            self.go(path)
        assert there.count(), f"{path} never showed it"

    def sign_in(self, email: str, password: str) -> None:
        """Sign in with password and the code from the outbox, or come in with a session where that was seen."""
        if self.key_of is not None and ("sign-in-code", self.language) in _SEEN:
            cookie = {"name": "relais_session", "value": self.key_of(email), "url": self.base}
            self.page.context.add_cookies([cookie])
            self.go("/")
            self.page.wait_for_url(HOME)
            return
        self.go("/sign-in/")
        self.look_once("sign-in")
        known = len(self.texts())
        self.page.fill("#name", email)
        self.page.fill("#password", password)
        self.page.click("main button.btn-primary")
        self.page.wait_for_selector("#code")
        self.look_once("sign-in-code")
        self.page.fill("#code", self._read_code(known))
        self.page.click("main form button.btn-primary")
        self.page.wait_for_url(HOME)

    def _read_code(self, known: int) -> str:
        deadline = time.time() + 120
        while time.time() < deadline:
            for text in reversed(self.texts()[known:]):
                if found := CODE.search(text):
                    return found[1].replace(" ", "")
            time.sleep(0.1)
        message = "no code arrived by SMS"
        raise AssertionError(message)

    def look_once(self, name: str) -> None:
        """Look at a page through which everybody passes: once in each language is enough."""
        if (name, self.language) not in _SEEN:
            _SEEN.add((name, self.language))
            self.look(name)

    def look(self, name: str) -> None:
        """Look at the page at both widths: axe, whether it fits, and a picture where they are kept."""
        # A click returns when the next page's answer begins to arrive: there may be nothing of it yet to look at.
        self.page.wait_for_load_state()
        for size in (WIDE, NARROW):
            self.page.set_viewport_size(size)
            if self.shots is not None:
                self.page.screenshot(path=self.shots / f"{name}-{self.language}-{size['width']}.png", full_page=True)
            if self.axe:
                self._axe(f"{name} at {size['width']}")
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 1:
                self.faults.append(f"{name} at {size['width']}: {wide} px too wide")
        self.page.set_viewport_size(WIDE)

    def picture(self, name: str) -> None:
        """Take a picture for the documentation, ``docs/images/<name>``, where a run asks for pictures.

        Only the walk in French takes it. A test sees to it that each picture has its place in a page.
        """
        if self.language == "fr" and os.environ.get("RELAIS_PICTURES"):
            target = IMAGES / name
            target.parent.mkdir(parents=True, exist_ok=True)
            self.page.set_viewport_size(WIDE)
            self.page.screenshot(path=target, animations="disabled")

    def _axe(self, where: str) -> None:
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        # Only violations are read, so only their nodes are described: that halves the work, not what is checked.
        found = self.page.evaluate(
            f"axe.run({{resultTypes: ['violations'], runOnly: {{type: 'tag', values: {TAGS}}}}})"
        )
        for one in found["violations"]:
            self.faults.append(f"axe, {where}: {one['id']} {one['nodes'][0]['html'][:160]}")

    def submit(self, action_end: str) -> None:
        """Press the button of the form whose action ends so."""
        self.page.locator(f"main form[action$='{action_end}'] button").first.click()

    def wait_while_working(self) -> None:
        """Wait until no job is shown any more; the page itself asks and opens what comes next."""
        self.page.wait_for_load_state()  # a page of which nothing has arrived shows no job either
        self.page.wait_for_selector("#job", state="detached", timeout=60_000)
        self.page.wait_for_load_state()
