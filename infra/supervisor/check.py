"""``make check``: every check of the house, all run, each with its verdict."""

from __future__ import annotations

import os
import subprocess
import time

from infra.supervisor.paths import PYTHON, ROOT

_BIN = PYTHON.parent
# Static checks need no database; these settings name none.
_STATIC = {"DJANGO_SETTINGS_MODULE": "infra.settings.typing"}
_TREES = ("core", "tenants", "themes", "integrations", "infra")


def list_checks() -> dict[str, list[str]]:
    """Return what is run, by the name that is shown."""
    manage = [str(PYTHON), "manage.py"]
    return {
        "style (ruff)": [str(_BIN / "ruff"), "check", "."],
        "format (ruff)": [str(_BIN / "ruff"), "format", "--check", "."],
        "types (mypy)": [str(_BIN / "mypy")],
        "layers (import-linter)": [str(_BIN / "lint-imports")],
        "templates (djlint)": [str(_BIN / "djlint"), "--lint", "--quiet", *_template_folders()],
        "settings and models": [*manage, "check", "--fail-level", "WARNING"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "messages": [str(PYTHON), "-m", "infra.messages", "check"],
    }


def main() -> int:
    """Run all checks, print the output of those that fail; return 1 if one does."""
    checks = list_checks()
    failed = [name for name, command in checks.items() if not _passes(name, command)]
    print(f"{len(checks) - len(failed)} of {len(checks)} checks passed", flush=True)
    return bool(failed)


def _passes(name: str, command: list[str]) -> bool:
    begun = time.monotonic()
    environment = {**os.environ, **_STATIC}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{verdict:7} {name} ({time.monotonic() - begun:.1f} s)", flush=True)
    if done.returncode != 0:
        print(f"{done.stdout}{done.stderr}", flush=True)
    return done.returncode == 0


def _template_folders() -> list[str]:
    found = (folder for tree in _TREES for folder in (ROOT / tree).rglob("templates") if any(folder.rglob("*.html")))
    return sorted(str(folder.relative_to(ROOT)) for folder in found if "node_modules" not in folder.parts)
