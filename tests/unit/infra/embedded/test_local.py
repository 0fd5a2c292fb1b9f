from __future__ import annotations

import stat

from infra.embedded import local


def test_without_a_file_values_are_fresh_and_nothing_is_written(tmp_path):
    first, second = local.read(tmp_path / "data"), local.read(tmp_path / "data")
    assert first.secret_key != second.secret_key
    assert not (tmp_path / "data").exists()


def test_remembered_values_come_back_and_only_their_owner_can_read_them(tmp_path):
    stored = local.remember(tmp_path, local.Local(), port=5555, home="/somewhere")
    assert local.read(tmp_path) == stored
    assert stat.S_IMODE((tmp_path / local.FILE_NAME).stat().st_mode) == 0o600


def test_passwords_stay_out_of_the_representation(tmp_path):
    stored = local.Local()
    assert not any(secret in repr(stored) for secret in [stored.secret_key, *stored.passwords.values()])


def test_serving_processes_are_not_given_the_provisioner(tmp_path, monkeypatch):
    stored = local.Local(port=5555)
    assert set(stored.databases) == {"default", "provisioner"}
    for process in ("web", "worker", "scheduler"):
        monkeypatch.setenv("RELAIS_PROCESS", process)
        assert set(stored.databases) == {"default"}


def test_addresses_escape_what_stands_in_a_password():
    stored = local.Local(port=1, passwords={local.BROKER: "a/b@c"})
    assert stored.broker_url.startswith("pgmq://relais_broker:a%2Fb%40c@127.0.0.1:1/")
