"""Follows ``docs/howto/add_a_theme.md`` to the letter: its files, its commands, then a message of each type."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from psycopg import sql

from infra.embedded import broker, local
from tests.support import home
from tests.support.databases import WorkerDatabase, locked

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "howto" / "add_a_theme.md"
BLOCK = re.compile(
    r"(?:^\*\*`(?P<file>[^`]+)`\*\*\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
THEMES = "/srv/relais-themes"
# Compiled modules go along, so that a program in the copy begins as soon as one in the sources; not those being written.
NOT_SOURCES = shutil.ignore_patterns(
    ".git", ".venv", ".relais", "node_modules", "*.pyc.*", ".*_cache", ".hypothesis", "output"
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the sources, so that what the commands change in them is seen."""
    target = tmp_path_factory.mktemp("clone") / "relais"
    return shutil.copytree(ROOT, target, ignore=NOT_SOURCES)


@pytest.fixture
def environment(database, tmp_path):
    """A database of this test's own, with two caisses that know nothing of the new theme."""
    cluster = database.worker.cluster
    own = WorkerDatabase(database.worker.home, name=f"relais_howto_{home.worker()}")
    own.clone()
    with own.connect() as admin, locked(database.worker.home, "broker"):
        broker.provision(admin, cluster.local.passwords[local.BROKER])
    data = tmp_path / "data"
    local.remember(data, cluster.local)
    unwanted = {"DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST", "RELAIS_TEST_HOME"}
    yield {name: value for name, value in os.environ.items() if name not in unwanted} | {
        "RELAIS_DATA": str(data),
        "RELAIS_DATABASE": own.name,
        "RELAIS_ADMIN_URL": cluster.local.url(local.ADMIN, own.name),
    }
    with cluster.connect("postgres") as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(own.name)))


class Reader:
    """Does what the page says, block by block."""

    def __init__(self, clone: Path, folder: Path, environment: dict[str, str]) -> None:
        self.clone, self.folder, self.environment = clone, folder, environment
        folder.mkdir()

    def follow(self) -> None:
        for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
            if block["language"] == "sh":
                self.run(block["text"])
            else:
                file = self.folder / block["file"]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(block["text"], encoding="utf-8")

    def run(self, commands: str) -> None:
        script = commands.replace(THEMES, str(self.folder)).replace(".venv/bin/python", sys.executable)
        for name, value in re.findall(r"^export (\w+)=(.+)$", script, re.MULTILINE):
            self.environment[name] = value
        done = self.bash(script)
        if "test_every_type.py" in script:
            assert "is new and was written" in done.stdout
            done = self.bash(script)
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"

    def bash(self, script: str) -> subprocess.CompletedProcess[str]:
        command = ["bash", "-euc", script]
        return subprocess.run(command, cwd=self.clone, env=self.environment, capture_output=True, text=True)

    def walk(self, slug: str) -> dict:
        command = [sys.executable, "-m", "tests.support.walk_theme", slug]
        done = subprocess.run(command, cwd=self.clone, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if ".pytest_cache" not in path.parts and ".hypothesis" not in path.parts
    }


def test_page_leads_to_a_theme_that_works_and_touches_nothing_else(clone, environment, tmp_path):
    before = digests(clone)
    reader = Reader(clone, tmp_path / "relais-themes", environment)
    reader.follow()
    made = reader.walk("seeland")
    check_page(made["by_page"])
    check_rest(made["by_rest"])
    check_existing_caisse(reader)
    assert digests(clone) == before


def check_page(page: dict) -> None:
    assert "Changement d’adresse de l’entreprise" in page["menu"]
    assert "Votre adresse" in page["menu"]
    assert "Premier jour à la nouvelle adresse" in page["form"]
    assert "Déménagement ancien" in page["review"]
    assert "Other canton" in page["review"]
    assert "Changement d’adresse de l’entreprise" in page["sent"]
    assert page["pdf"] == "%PDF-"


def check_rest(rest: dict) -> None:
    assert [one[:3] for one in rest["codes"]] == [[1, "town", "A-03"], [2, "town", "A-03"]]
    assert (rest["sent"], rest["equal"], rest["pdf"], rest["schema"]) == (201, True, "%PDF-", True)
    assert (rest["message"]["state"], rest["message"]["row_count"]) == ("sent", 2)
    assert rest["message"]["summary"]["totals"] == {"places": 2, "persons": 15}


def check_existing_caisse(reader: Reader) -> None:
    """The caisse that was there before takes the theme by its file, and has the table."""
    reader.bash(f"{sys.executable} manage.py caisse apply ak26 {reader.folder}/seeland.toml")
    doctor = reader.bash(f"{sys.executable} manage.py caisse doctor ak26")
    assert doctor.returncode == 0, doctor.stdout
    assert reader.walk("ak26")["by_rest"]["message"]["state"] == "sent"


def test_without_the_folder_there_is_no_such_theme():
    assert "themes.company_address" not in settings.INSTALLED_APPS
