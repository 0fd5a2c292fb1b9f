"""The stand-alone checker: finds every changed bit, with nothing of ours and no network."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.documents.evidence import seals
from core.documents.evidence.keys import Keyring, new_key
from tests.benchmarks import receipt as sample

SCRIPT = Path(__file__).parents[3] / "docs" / "verify" / "relais_verify.py"
MUTATIONS = 10_000 if os.environ.get("FULL") else 2_000


def _load():
    spec = importlib.util.spec_from_file_location("relais_verify", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify = _load()


@pytest.fixture(scope="module")
def key():
    return new_key()


@pytest.fixture(scope="module")
def trust(key):
    return {entry["id"]: entry for entry in Keyring((key,)).trust_list("test")["keys"]}


@pytest.fixture(scope="module")
def pdf(key):
    return sample.make_receipt(7, key)


def _status(action, *arguments) -> int:
    try:
        action(*arguments)
    except verify.Verdict as verdict:
        return verdict.status
    return verify.AUTHENTIC


def _flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_script_needs_nothing_but_python():
    source = SCRIPT.read_text()
    assert len(source.splitlines()) <= 300
    environment = {"PYTHONPATH": ""}
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), "--help"], env=environment, check=True, capture_output=True
    )
    assert b"--trust" in run.stdout


@pytest.mark.long
@pytest.mark.parametrize("quarter", range(4))
def test_changed_bits_are_all_found(pdf, trust, quarter):
    """Ten thousand of them in the long form, two thousand otherwise."""
    assert verify.check_pdf(pdf, trust)["kind"] == "receipt"
    bits = random.Random(20261121).sample(range(len(pdf) * 8), MUTATIONS)[quarter::4]
    missed = [bit for bit in bits if _status(verify.check_pdf, _flip(pdf, bit), trust) == verify.AUTHENTIC]
    assert missed == []


def test_every_bit_of_the_seal_line_counts(pdf, trust):
    seal = verify.SEAL.search(pdf)
    bits = range(seal.start() * 8, seal.end() * 8, 3)
    assert all(_status(verify.check_pdf, _flip(pdf, bit), trust) for bit in bits)


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf + b"\n", lambda pdf: b"\n" + pdf, lambda pdf: pdf[:-1], lambda pdf: pdf + pdf,
        lambda pdf: b"", lambda pdf: pdf.replace(b"%%EOF", b"%%EOF\n%relais"),
        lambda pdf: verify.SEAL.sub(b"", pdf), lambda pdf: verify.SEAL.sub(lambda seal: seal[0] * 2, pdf),
        lambda pdf: verify.SEAL.sub(b"", pdf) + verify.SEAL.search(pdf)[0],
    ],
)  # fmt: skip
def test_changed_files_are_not_authentic(pdf, trust, change):
    assert _status(verify.check_pdf, change(pdf), trust) == verify.FORGED


def test_key_that_is_unknown_or_revoked_is_not_trusted(pdf, trust):
    assert _status(verify.check_pdf, pdf, {}) == verify.UNTRUSTED
    revoked = {name: {**entry, "revoked_at": "2027-01-01T00:00:00Z"} for name, entry in trust.items()}
    assert _status(verify.check_pdf, pdf, revoked) == verify.UNTRUSTED


def test_receipt_dated_after_the_retirement_of_its_key_is_not_trusted(pdf, trust):
    retired = {name: {**entry, "retired_at": "2026-01-01T00:00:00Z"} for name, entry in trust.items()}
    assert _status(verify.check_pdf, pdf, retired) == verify.UNTRUSTED


def test_detached_form_finds_every_changed_bit(key, trust):
    sealed = seals.seal_payload(sample.facts_of(1).to_payload(), key)
    data, signature = sealed.json_bytes, sealed.signature_file
    found = verify.check_json(data, signature, trust)
    assert found["code"].replace("-", "") == sealed.short_code
    assert all(_status(verify.check_json, _flip(data, bit), signature, trust) for bit in range(0, len(data) * 8, 97))
    assert all(_status(verify.check_json, data, _flip(signature, bit), trust) for bit in range(len(signature) * 8))


def test_command_line_compares_files_and_says_the_outcome(tmp_path, key, pdf):
    (tmp_path / "r.pdf").write_bytes(pdf)
    (tmp_path / "t.json").write_text(json.dumps(Keyring((key,)).trust_list("test")))
    (tmp_path / "other.xlsx").write_bytes(b"other")
    command = [sys.executable, "-I", str(SCRIPT), str(tmp_path / "r.pdf"), "--trust", str(tmp_path / "t.json")]
    good = subprocess.run(command, capture_output=True, text=True, check=False)
    assert good.returncode == 0
    assert "Müller & Fils SA" in good.stdout
    different = subprocess.run([*command, "--compare", str(tmp_path / "other.xlsx")], capture_output=True, check=False)
    assert different.returncode == verify.DIFFERENT
    (tmp_path / "r.pdf").write_bytes(_flip(pdf, 4000))
    assert subprocess.run(command, capture_output=True, check=False).returncode == verify.FORGED
    (tmp_path / "t.json").write_text("[]")
    assert subprocess.run(command, capture_output=True, check=False).returncode == verify.UNREADABLE


def test_own_arithmetic_agrees_with_the_library():
    chance = random.Random(1)
    for _ in range(20):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        public, message = private.public_key().public_bytes_raw(), chance.randbytes(50)
        signature = private.sign(message)
        assert verify.fits(public, message, signature)
        assert not verify.fits(public, message + b"x", signature)
        malleable = int.from_bytes(signature[32:], "little") + verify.L
        assert not verify.fits(public, message, signature[:32] + malleable.to_bytes(32, "little"))
    assert not verify.fits(hashlib.sha256(b"").digest(), b"", bytes(64))
