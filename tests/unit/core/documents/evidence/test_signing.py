"""Signing with the installation's key file, and the command that looks after it."""

from __future__ import annotations

import json
import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import translation

from core.documents.evidence import keys, seals, signing
from core.documents.evidence.labels import receipt_labels
from tests.benchmarks import receipt as sample


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "signing" / "keys.json"
    with override_settings(SIGNING_KEY_FILE=path):
        yield path


def _manage(*arguments: str) -> str:
    said = StringIO()
    call_command("signing_keys", *arguments, stdout=said)
    return said.getvalue()


def test_embedded_default_makes_its_key_at_first_use(key_file):
    sealed = signing.seal(sample.facts_of(1).to_payload())
    assert key_file.exists()
    seals.verify_receipt(sealed, signing.get_keyring())
    assert signing.seal(sample.facts_of(1).to_payload()) == sealed


def test_production_demands_the_key_file(key_file):
    with override_settings(EMBEDDED=False), pytest.raises(keys.KeyFileUnusable):
        signing.seal({"a": 1})
    assert not key_file.exists()


def test_rotation_is_noticed_without_a_restart(key_file):
    before = signing.seal({"a": 1})
    _manage("rotate")
    after = signing.seal({"a": 1})
    assert before.key_id != after.key_id
    assert [entry["id"] for entry in signing.trust_list()["keys"]] == [after.key_id, before.key_id]


def test_rotation_within_one_tick_of_the_clock_is_noticed(key_file):
    before = signing.seal({"a": 1})
    made = key_file.stat()
    _manage("rotate")
    os.utime(key_file, ns=(made.st_atime_ns, made.st_mtime_ns))
    assert signing.seal({"a": 1}).key_id != before.key_id


def test_command_creates_revokes_and_publishes(key_file):
    assert "active key" in _manage("create")
    first = signing.get_keyring().active.id
    with pytest.raises(CommandError, match="rotate first"):
        _manage("revoke", first)
    _manage("rotate")
    _manage("revoke", first)
    published = json.loads(_manage("trust-list"))
    assert {entry["id"]: bool(entry["revoked_at"]) for entry in published["keys"]}[first]
    assert "private" not in json.dumps(published)


@pytest.mark.parametrize("language", ["fr", "de", "it", "en"])
def test_labels_name_everything_that_the_receipt_prints(language):
    with translation.override(language):
        labels = receipt_labels()
    assert set(labels) >= set(sample.LABELS)
    assert all(labels.values())
    assert labels["sent"] % {"caisse": "A", "date": "B", "time": "C", "zone": "D"}
    assert labels["key"] % {"key": "A"}
