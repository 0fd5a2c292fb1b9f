"""What is made from the sources before the platform can be served: assets, messages, static files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import themes
from infra.supervisor.paths import DATA_DIR, PYTHON, ROOT
from infra.supervisor.progress import run
from infra.supervisor.stamps import Stamp, digest

if TYPE_CHECKING:
    from pathlib import Path

ASSETS = ROOT / "infra" / "assets"
STATIC = ROOT / "infra" / "static"
# Kept beside what was built, so that deleting the one forgets the other.
_BUILT = ROOT / "infra" / "assets" / "dist"


def build_all() -> None:
    """Build what is out of date; on an unchanged clone this costs a few hundred milliseconds."""
    build_assets()
    compile_messages()
    collect_static()


def build_assets() -> None:
    """Install front-end packages by npm and compile them into ``infra/assets/dist``."""
    stamp = Stamp(_BUILT / ".relais", digest("infra/assets/**/*"))
    if (ASSETS / "build.py").exists() and not stamp.is_current():
        run("Building the front end", str(PYTHON), "-m", "infra.assets.build")
        stamp.set()


def compile_messages() -> None:
    """Compile the catalogues of all languages."""
    homes = [ROOT / "infra" / "locale", *(theme / "locale" for theme in themes.list_folders(themes.__path__))]
    catalogues = sorted(po for home in homes for po in home.glob("*/LC_MESSAGES/*.po"))
    outdated = [po for po in catalogues if not _is_newer(po.with_suffix(".mo"), po)]
    if outdated:
        run("Compiling the messages", str(PYTHON), "-m", "infra.messages", "compile")


def _is_newer(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime


def collect_static() -> None:
    """Gather, name by content and compress what browsers fetch."""
    # Not **/static: what is gathered lies in infra/static itself.
    patterns = [f"{tree}/**/static/**/*" for tree in ("core", "tenants", "themes", "integrations")]
    stamp = Stamp(STATIC / ".relais", digest("uv.lock", "infra/assets/**/*", "infra/settings/*.py", *patterns))
    if not stamp.is_current():
        command = [str(PYTHON), "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0"]
        run("Gathering static files", *command, environment={"RELAIS_DATA": str(DATA_DIR)})
        stamp.set()
