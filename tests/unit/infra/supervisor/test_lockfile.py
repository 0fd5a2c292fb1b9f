from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest

from infra.supervisor.paths import ROOT, VENV


@pytest.fixture(scope="module")
def python_with_pip(tmp_path_factory):
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder / "bin" / "python"


def _requirements(python, target, *options):
    command = [python, "-m", "infra.supervisor.lockfile", target, *options]
    subprocess.run(command, cwd=ROOT, check=True)
    return dict(line.split(" ")[0].split("==") for line in target.read_text().splitlines())


def test_pip_is_given_the_versions_that_uv_installs(python_with_pip, tmp_path):
    wanted = _requirements(python_with_pip, tmp_path / "requirements.txt", "--dev")
    uv = VENV / "bin" / "uv"
    listed = subprocess.run(
        [uv, "pip", "freeze", "--python", sys.executable], capture_output=True, text=True, check=True
    )
    installed = dict(line.split("==") for line in listed.stdout.splitlines() if "==" in line)
    assert {name: version for name, version in wanted.items() if installed.get(name) != version} == {}


def test_tools_are_left_out_unless_asked_for(python_with_pip, tmp_path):
    wanted = _requirements(python_with_pip, tmp_path / "requirements.txt")
    assert "django" in wanted
    assert "pytest" not in wanted


def test_every_pin_carries_the_hashes_of_the_lock_file(python_with_pip, tmp_path):
    _requirements(python_with_pip, tmp_path / "requirements.txt")
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    django = next(package for package in lock["package"] if package["name"] == "django")
    line = next(
        line for line in (tmp_path / "requirements.txt").read_text().splitlines() if line.startswith("django==")
    )
    assert line.count("--hash=sha256:") == len(django["wheels"]) + 1
