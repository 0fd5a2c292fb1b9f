"""``make clean``: the demo's data and everything that was built; the venv stays."""

from __future__ import annotations

import shutil
from pathlib import Path

from infra.embedded import local
from infra.embedded.postgres import Cluster
from infra.supervisor.lock import AlreadyRuns, single_instance
from infra.supervisor.paths import DATA_DIR, ROOT
from infra.supervisor.progress import say

BUILT = ("infra/static", "infra/assets/dist")


def main() -> int:
    """Stop what was left running and delete it; refuses while ``make run`` works."""
    try:
        with single_instance("make clean"):
            _delete_data()
    except AlreadyRuns as answer:
        say(str(answer))
        return 2
    for folder in BUILT:
        shutil.rmtree(ROOT / folder, ignore_errors=True)
    for catalogue in ROOT.glob("infra/locale/*/LC_MESSAGES/*.mo"):
        catalogue.unlink()
    return 0


def _delete_data() -> None:
    Cluster(DATA_DIR).stop()
    home = local.read(DATA_DIR).home
    for folder in filter(None, [home, str(DATA_DIR)]):
        say(f"Deleting {folder}")
        shutil.rmtree(Path(folder), ignore_errors=True)
