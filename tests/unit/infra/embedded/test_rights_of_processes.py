from __future__ import annotations

import pytest

from infra.embedded.local import Local
from infra.supervisor import programs


@pytest.fixture
def roles(monkeypatch, tmp_path):
    monkeypatch.setattr(programs, "DATA_DIR", tmp_path)
    return {child.name: child.role for child in programs.list_programs("127.0.0.1", 8000)}


def test_only_the_provisioning_worker_is_given_the_provisioners_address(roles, monkeypatch):
    given = set()
    for name, role in roles.items():
        monkeypatch.setenv("RELAIS_PROCESS", role)
        if "provisioner" in Local(port=1).databases:
            given.add(name)
    assert given == {"provisioner"}
