"""Debian packages: installed once when we are root, otherwise named."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_POLICY = Path("/usr/sbin/policy-rc.d")
_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "PATH": os.defpath + ":/usr/sbin:/sbin"}


def can_install() -> bool:
    """Whether this is a Debian on which we are root."""
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Iterable[str]) -> float:
    """Install packages without starting their services; return the seconds it took."""
    began = time.monotonic()
    with (Path(tempfile.gettempdir()) / "relais-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _no_services():
            _apt("update")
            _apt("install", "-y", "--no-install-recommends", *sorted(set(packages)))
    return time.monotonic() - began


def _apt(*arguments: str) -> None:
    done = subprocess.run(
        ["apt-get", "-q", *arguments], env=_ENVIRONMENT, capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode:
        raise RuntimeError(f"apt-get {arguments[0]} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


@contextmanager
def _no_services() -> Iterator[None]:
    """Keep the packages' own services from starting: ours run beside, on other ports."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()
