"""Finds the journeys' browser, or installs one: Debian's chromium as root, Playwright's otherwise; starts and keeps it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Playwright

FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
# Chromium without its windows: a new person at it costs a fifth of what the whole program takes for one.
_SHELL = "chromium-headless-shell"
_WHOLE = ("chromium", "chromium-browser", "google-chrome")
_APT = ["apt-get", "-qq", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20"]


def find(*, whole: bool = False) -> str | None:
    """Return the browser's path, or nothing; the headless shell where it is installed, unless the whole is wanted."""
    named = os.environ.get("RELAIS_CHROMIUM")
    if named and Path(named).exists():
        return named
    names = _WHOLE if whole else (_SHELL, *_WHOLE)
    return next((found for name in names if (found := shutil.which(name))), None) or _playwrights()


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


def install() -> None:
    """Try to install what lacks; failing is no error here: the whole browser does without its shell, only slower.

    Where neither could be had, the journeys say that they did not run.
    """
    if os.environ.get("RELAIS_CHROMIUM"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        lacking = [_SHELL] * (shutil.which(_SHELL) is None) + ["chromium"] * (find(whole=True) is None)
        for number, package in enumerate(lacking):
            _install_package(package, refresh=number == 0)
    elif find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def _install_package(name: str, *, refresh: bool) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if refresh:
        subprocess.run([*_APT, "update"], env=environment, check=False)
    command = [*_APT, "install", "-y", "--no-install-recommends", name]
    subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)


def flags() -> list[str]:
    """Return the browser's flags; its sandbox does not work for root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS


@contextlib.contextmanager
def launched(*more: str) -> Iterator[Browser]:
    """A whole browser, headless; without one the journey is listed as not run, which in CI is a failure."""
    from playwright.sync_api import sync_playwright

    path = _find_or_skip(whole=True)
    with sync_playwright() as playwright:
        yield _launch(playwright, path, *more)


def _find_or_skip(*, whole: bool = False) -> str:
    import pytest

    path = find(whole=whole)
    if path is None and os.environ.get("CI"):
        pytest.fail("no browser could be had, and this is CI")
    return path or pytest.skip("no browser could be had")


def _launch(playwright: Playwright, path: str, *more: str) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=[*flags(), *more])


class KeptBrowser:
    """One browser for all journeys of a process, since starting it and its driver costs more than a second each time.

    Each journey has it for itself and leaves no context behind: cookies, storage and cache live in those. Its library
    runs an event loop in this thread, with which Django refuses the database: it stands only while the browser is lent.
    """

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextlib.contextmanager
    def lent(self) -> Iterator[Browser]:
        """Give the browser for one journey; one that crashed in the last is started anew."""
        path = _find_or_skip()
        with self._looping():
            if self._browser is None or not self._browser.is_connected():
                self._browser = _launch(self._playwright, path)
            try:
                yield self._browser
            finally:
                for context in self._browser.contexts:
                    context.close()

    @contextlib.contextmanager
    def _looping(self) -> Iterator[None]:
        from playwright.sync_api import sync_playwright

        if self._playwright is None:
            self._playwright = self._stack.enter_context(sync_playwright())
            self._loop = asyncio._get_running_loop()
        asyncio._set_running_loop(self._loop)
        try:
            yield
        finally:
            asyncio._set_running_loop(None)

    def close(self) -> None:
        """End browser and library."""
        if self._playwright is not None:
            with self._looping():
                self._stack.close()


if __name__ == "__main__":
    install()
    print(f"browser for the journeys: {find() or 'none; they will be listed as not run'}")
