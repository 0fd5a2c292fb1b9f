"""The same acts at the terminal."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from core.audit.models import Entry
from core.configuration import operations
from core.outbox.services import drain
from core.transfer import sealing
from tenants.scope import tenant_transaction
from tests.support.mailbox import take_mails


def _run(*arguments):
    out = io.StringIO()
    call_command("caisse", *map(str, arguments), "--json", stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def test_key_export_and_import_from_file_and_standard_input(office, tmp_path, monkeypatch):
    key, file = tmp_path / "key.txt", tmp_path / "ak26.relais"
    public = _run("key", key)["public_key"]
    assert key.stat().st_mode & 0o777 == 0o600
    answer = _run("export", "ak26", "--to", file, "--key", public)
    assert answer["bytes"] == file.stat().st_size
    assert list(tmp_path.iterdir()) == [key, file] or set(tmp_path.iterdir()) == {key, file}
    monkeypatch.setattr("sys.stdin", io.StringIO(key.read_text()))
    made = _run("import", file, "copy", "--key-file", "-")
    assert made["address"].startswith("http://copy.localhost")
    assert _run("import", file, "second", "--key-file", key, "--host", "two.example.ch")["rows"] == made["rows"]
    with tenant_transaction(office.caisse):
        assert Entry.objects.get(action="caisse_exported").data == {"public_key": public}
    drain(caisse=office.caisse)
    mails = [one for one in take_mails() if public in one["text"]]
    assert [one["to"] for one in mails] == ["gilles@example.ch"]


def test_what_exists_is_not_written_over(tmp_path):
    file = tmp_path / "taken"
    file.write_text("mine")
    _private, public = sealing.new_private_key()
    with pytest.raises(CommandError):
        _run("export", "ak26", "--to", file, "--key", public)
    with pytest.raises(CommandError):
        _run("key", file)
    assert file.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [file]


def test_the_key_that_the_caisse_gave_holds(caisse, tmp_path):
    private, own = sealing.new_private_key()
    _other, foreign = sealing.new_private_key()
    with pytest.raises(CommandError, match="has given none"):
        _run("export", "ak26", "--to", tmp_path / "a")
    with pytest.raises(CommandError, match="age1"):
        _run("export", "ak26", "--to", tmp_path / "a", "--key", "ssh-ed25519 AAAA")
    operations.apply("ak26", f'[export]\npublic_key = "{own}"\n', dry_run=False)
    with pytest.raises(CommandError, match="key of its own"):
        _run("export", "ak26", "--to", tmp_path / "a", "--key", foreign)
    _run("export", "ak26", "--to", tmp_path / "a")
    (tmp_path / "key").write_text(f"# public key: {own}\n{private}\n")
    _run("import", tmp_path / "a", "copy", "--key-file", tmp_path / "key")
