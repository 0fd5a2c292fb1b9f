"""Finds the journeys' browser, or installs one: Debian's chromium as root, Playwright's otherwise."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """Return the browser's path, or nothing."""
    named = os.environ.get("RELAIS_CHROMIUM")
    if named and Path(named).exists():
        return named
    return next((found for name in _NAMES if (found := shutil.which(name))), None) or _playwrights()


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


def install() -> None:
    """Try to install a browser; failing is no error here, the journeys then say that they did not run."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def flags() -> list[str]:
    """Return the browser's flags; its sandbox does not work for root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS


@contextlib.contextmanager
def launched(*more: str) -> Iterator[Browser]:
    """A headless browser; without one the journey is listed as not run, which in CI is a failure."""
    import pytest
    from playwright.sync_api import sync_playwright

    path = find()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no browser could be had, and this is CI")
        pytest.skip("no browser could be had")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=[*flags(), *more])


if __name__ == "__main__":
    if find() is None:
        install()
    print(f"browser for the journeys: {find() or 'none; they will be listed as not run'}")
