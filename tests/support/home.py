"""The folder of one test run and the environment that makes Django use it; no Django here."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from infra.embedded import local
from infra.embedded.postgres import Cluster
from infra.embedded.server import free_port

PREFIX = "relais-test-"
OWNER = "owner.pid"
_VARIABLE = "RELAIS_TEST_HOME"


def worker() -> str:
    """Return this xdist worker's name, or ``main``."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def is_controller() -> bool:
    """Whether this process started the run (and so ends it)."""
    return "PYTEST_XDIST_WORKER" not in os.environ


def settle() -> Path:
    """Make or find the run's folder, give this worker its own data folder, point Django at it."""
    if is_controller():
        _sweep_left_behind()
        os.environ[_VARIABLE] = str(_make_home())
    home = Path(os.environ[_VARIABLE])
    data = home / worker()
    local.remember(data, local.read(home))
    os.environ.pop("RELAIS_PROCESS", None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "infra.settings.embedded",
        "RELAIS_DATA": str(data),
        "RELAIS_DATABASE": f"relais_{worker()}",
    }
    return home


def _make_home() -> Path:
    home = Path(tempfile.mkdtemp(prefix=PREFIX))
    home.chmod(0o711)
    (home / OWNER).write_text(str(os.getpid()))
    local.remember(home, local.Local(), port=free_port())
    return home


def clear(home: Path) -> None:
    """Stop the run's cluster and delete everything of the run, wherever the cluster lay."""
    Cluster(home, durable=False).stop()
    elsewhere = local.read(home).home
    for folder in filter(None, [elsewhere, home]):
        shutil.rmtree(folder, ignore_errors=True)


def _sweep_left_behind() -> None:
    for owner in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{OWNER}"):
        # A run that ends now, or another one that sweeps as well, may take it away before it is read.
        with contextlib.suppress(FileNotFoundError):
            if owner.stat().st_uid == os.geteuid() and not _lives(int(owner.read_text() or 0)):
                clear(owner.parent)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's process has got the number
    return True
