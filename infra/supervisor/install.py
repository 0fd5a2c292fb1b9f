"""The virtual environment and what the lock file names; standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib

from infra.supervisor.paths import PYTHON, ROOT, VENV
from infra.supervisor.progress import StepFailed, run
from infra.supervisor.stamps import Stamp, digest

OLDEST = (3, 11)
_NO_VENV = "Python's module venv does not work here. On Debian and Ubuntu: apt install python3-venv"


def ensure(*, dev: bool) -> None:
    """Bring the venv in line with ``uv.lock``; a second call with the same lock does nothing."""
    if sys.version_info < OLDEST:
        raise StepFailed(f"Relais needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    _ensure_venv()
    stamp = _stamp(dev=dev)
    if stamp.is_current():
        return
    uv = _find_uv()
    if uv:
        _sync(uv, dev=dev)
    else:
        _install_by_pip(dev=dev)
    stamp.set()


def _stamp(*, dev: bool) -> Stamp:
    name = "dev" if dev else "run"
    return Stamp(VENV / f".relais-{name}", digest("uv.lock", "pyproject.toml", extra=[str(VENV)]))


def _ensure_venv() -> None:
    probe = "import sys; sys.exit(sys.version_info < (3, 11))"
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", probe], check=False).returncode == 0:
        return
    try:
        run("Creating the virtual environment .venv", sys.executable, "-m", "venv", "--clear", str(VENV))
    except StepFailed as failure:
        raise StepFailed(f"{failure}\n{_NO_VENV}") from failure


def _find_uv() -> str | None:
    own = VENV / "bin" / "uv"
    if own.exists():
        return str(own)
    if found := shutil.which("uv"):
        return found
    try:
        run("Installing uv", *_pip(), f"uv=={_locked_version('uv')}")
    except StepFailed:
        return None
    return str(own)


def _pip() -> list[str]:
    return [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def _locked_version(name: str) -> str:
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    return str(next(package["version"] for package in packages if package["name"] == name))


def _sync(uv: str, *, dev: bool) -> None:
    group = [] if dev else ["--no-dev"]
    command = [uv, "sync", "--locked", "--inexact", "--python", str(PYTHON), *group]
    environment = {"UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(VENV)}
    run("Installing the packages of the lock file", *command, environment=environment)


def _install_by_pip(*, dev: bool) -> None:
    export = VENV / "requirements.txt"
    command = [str(PYTHON), "-m", "infra.supervisor.lockfile", str(export), *(["--dev"] if dev else [])]
    run("Reading the lock file for pip, since uv cannot be had", *command)
    run("Installing the packages of the lock file by pip", *_pip(), "--no-deps", "-r", str(export))


def reenter(*arguments: str) -> None:
    """Replace this process by the venv's Python; does not return."""
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "infra.supervisor", *arguments])
