"""Runs the commands of ``docs/developer/rest.md``, as they stand there, against the served platform."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.db import connections

from core.accounts.seats import build_actor
from core.accounts.tokens import create_token
from infra.demo.cast import make_cast
from tenants.scope import tenant_transaction
from tests.support import live

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "developer" / "rest.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def token(caisse) -> str:
    with tenant_transaction(caisse):
        cast = make_cast()
        actor = build_actor(cast.users["anne"], cast.parties["factory"].id)
        return create_token(actor=actor, name="Walk").secret


@pytest.mark.skipif(shutil.which("curl") is None and "CI" not in os.environ, reason="curl is not installed")
def test_walk_by_curl_ends_with_an_authentic_receipt(caisse, token, tmp_path):
    connections.close_all()
    with live.serve(caisse) as served:
        commands = "\n".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
        script = commands.replace("http://ak26.localhost:8000", served.base(caisse.slug))
        script = script.replace("relais_0123456789ab_…", token)
        environment = os.environ | {"TMPDIR": str(tmp_path)}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    printed = done.stdout
    assert "salary_declaration.annual" in printed
    assert "justify 3 S-01 AHV number missing" in printed
    assert "\ndone\nMuster\n" in printed
    first, repeated = re.findall(r"^[0-9A-Z]{16}$", printed, re.MULTILINE)
    assert first == repeated
    assert "authentic" in printed.lower()
    assert printed.rstrip().endswith("sent")
