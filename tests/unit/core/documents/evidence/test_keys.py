"""The key file: private, made once, rotated without losing what was signed before."""

from __future__ import annotations

import stat
from datetime import UTC, datetime

import pytest

from core.documents.evidence import keys, seals
from core.kernel import clock


def test_key_file_is_made_once_and_private(tmp_path):
    path = tmp_path / "signing" / "keys.json"
    first = keys.create_key_file(path)
    assert keys.create_key_file(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["keys.json"]


def test_key_file_open_to_others_is_refused(tmp_path):
    path = tmp_path / "keys.json"
    keys.create_key_file(path)
    path.chmod(0o640)
    with pytest.raises(keys.KeyFileUnusable, match="chmod 600"):
        keys.read_key_file(path)


@pytest.mark.parametrize("content", ["", "[]", '{"format":"relais-signing-keys-1","keys":[]}', '{"keys":[{"id":1}]}'])
def test_key_file_with_nonsense_is_refused(tmp_path, content):
    path = tmp_path / "keys.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(keys.KeyFileUnusable):
        keys.read_key_file(path)


def test_rotation_keeps_old_receipts_valid_and_destroys_the_old_private_half(tmp_path):
    path = tmp_path / "keys.json"
    old = keys.create_key_file(path).active
    sealed = seals.seal_payload({"a": 1}, old)
    with clock.travel(datetime(2027, 1, 1, tzinfo=UTC)):
        rotated = keys.rotate_key_file(path)
    assert rotated.active.id != old.id
    assert old.private not in path.read_text()
    assert rotated.keys[1].retired_at == "2027-01-01T00:00:00Z"
    seals.verify_receipt(sealed, keys.read_key_file(path))


def test_revoked_key_is_trusted_no_more(tmp_path):
    path = tmp_path / "keys.json"
    sealed = seals.seal_payload({"a": 1}, keys.create_key_file(path).active)
    with pytest.raises(keys.KeyFileUnusable):
        keys.revoke_key(path, sealed.key_id)
    keys.rotate_key_file(path)
    with pytest.raises(seals.SealBroken):
        seals.verify_receipt(sealed, keys.revoke_key(path, sealed.key_id))


def test_trust_list_holds_no_private_half(tmp_path):
    keyring = keys.create_key_file(tmp_path / "keys.json")
    published = keyring.trust_list("relais.example")
    assert keyring.active.private not in str(published)
    assert published["keys"][0]["public"] == keyring.active.public
