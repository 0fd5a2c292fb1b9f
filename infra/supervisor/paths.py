"""Where things lie in a clone; standard library only, since it is read before installation."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DATA_DIR = Path(os.environ.get("RELAIS_DATA", ROOT / ".relais")).resolve()
LOGS = DATA_DIR / "logs"


def make_data_dir() -> None:
    """Create the data folder: others may pass through to the cluster, but not list it."""
    DATA_DIR.mkdir(mode=0o711, parents=True, exist_ok=True)
    LOGS.mkdir(mode=0o700, exist_ok=True)
