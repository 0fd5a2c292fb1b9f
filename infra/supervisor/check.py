"""``make check``: linters, types, layers, templates, migrations and messages, each as a visible step."""

from __future__ import annotations

from infra.supervisor.paths import DATA_DIR, PYTHON, ROOT
from infra.supervisor.progress import run

_BIN = PYTHON.parent
# Static checks need no database; these settings name none.
_STATIC = {"DJANGO_SETTINGS_MODULE": "infra.settings.typing", "RELAIS_DATA": str(DATA_DIR)}


def main() -> int:
    """Run every check; the first that fails ends the run with its output."""
    run("ruff", str(_BIN / "ruff"), "check", ".")
    run("ruff format", str(_BIN / "ruff"), "format", "--check", ".")
    run("mypy", str(_BIN / "mypy"), environment=_STATIC)
    run("import-linter", str(_BIN / "lint-imports"))
    run("djlint", str(_BIN / "djlint"), "--lint", "--quiet", *_template_folders())
    run("Django's checks", str(PYTHON), "manage.py", "check", environment=_STATIC)
    run("migrations", str(PYTHON), "manage.py", "makemigrations", "--check", "--dry-run", environment=_STATIC)
    run("messages", str(PYTHON), "-m", "infra.messages", "check", environment=_STATIC)
    return 0


def _template_folders() -> list[str]:
    parts = ("core", "infra", "integrations", "tenants", "themes")
    found = (folder for part in parts for folder in (ROOT / part).rglob("templates") if any(folder.rglob("*.html")))
    return sorted(str(folder.relative_to(ROOT)) for folder in found if "node_modules" not in folder.parts)
