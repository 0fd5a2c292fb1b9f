#!/usr/bin/env python3
"""Checks a Relais receipt, letter or certificate offline: needs Python 3.9 or later, the file and the trust list.

    python relais_verify.py receipt.pdf --trust trust-list.json
    python relais_verify.py receipt.json --signature receipt.sig.json --trust trust-list.json
    python relais_verify.py receipt.pdf --trust trust-list.json --compare salaries.xlsx

Get the trust list from the platform's public page, once, by a way that you trust.
Exit status: 0 authentic; 1 changed, forged or not sealed; 2 a file cannot be read or is no such file;
3 sealed by a key that the list does not trust; 4 a compared file is not the one that was sent.

What is checked: one line in the PDF signs every other byte of it (Ed25519, RFC 8032), so that any
changed bit is found; the receipt's data, attached as canonical JSON, carries a signature of its own;
and the short code is the beginning of the SHA-256 of that data.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import zlib
from pathlib import Path
from typing import Any, NoReturn

AUTHENTIC, FORGED, UNREADABLE, UNTRUSTED, DIFFERENT = range(5)
SEAL = re.compile(rb"%relais-seal-1 key=([0-9a-f]{16}) signature=([0-9a-f]{128})\n")
SIGNATURE_FILE = re.compile(rb'\{"algorithm":"Ed25519","key_id":"([0-9a-f]{16})","signature":"([0-9a-f]{128})"\}')
SIGNED_FORMAT = re.compile(rb'"format":"relais-(?:receipt|deletion)-1"')
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LARGEST = 64 * 2**20


class Verdict(Exception):
    """The check ends here, with an exit status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


# --- Ed25519 (RFC 8032, section 5.1.7), verification only ------------------------------------
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(a: Any, b: Any) -> Any:
    """Add two points."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    w, x, y, z = f - e, h - g, h + g, f + e
    return (w * x % P, y * z % P, x * y % P, w * z % P)


def double(a: Any) -> Any:
    """Add a point to itself."""
    x, y = a[0] * a[0] % P, a[1] * a[1] % P
    h = x + y
    e, g = h - (a[0] + a[1]) * (a[0] + a[1]) % P, x - y
    f = 2 * a[2] * a[2] % P + g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def decode_point(text: bytes) -> Any:
    """Return the point that 32 bytes stand for, or None where they stand for none."""
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def encode_point(point: Any) -> bytes:
    """Return the 32 bytes that stand for a point."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    number: int = y | (x & 1) << 255
    return number.to_bytes(32, "little")


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
NEUTRAL = (0, 1, 1, 0)


def fits(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is the public key's over exactly this message."""
    a, r, s = decode_point(public), signature[:32], int.from_bytes(signature[32:], "little")
    if a is None or len(signature) != 64 or s >= L:  # noqa: PLR2004 -- two halves of 32 bytes
        return False
    k = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L
    minus_a = (P - a[0], a[1], a[2], P - a[3])
    table = (NEUTRAL, BASE, minus_a, add(BASE, minus_a))
    total = NEUTRAL
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        total = double(total)
        choice = (s >> bit & 1) + 2 * (k >> bit & 1)
        total = add(total, table[choice]) if choice else total
    return encode_point(total) == r


# --- Trust ------------------------------------------------------------------------------------
def read_trust(text: bytes) -> dict[str, dict[str, Any]]:
    """Return the keys of a trust list by their ids."""
    content = json.loads(text)
    if content.get("format") != "relais-trust-list-1":
        raise Verdict(UNREADABLE, "This is no trust list of Relais.")
    return {key["id"]: key for key in content["keys"] if key["algorithm"] == "Ed25519"}


def check_signature(trust: dict[str, Any], key_id: str, message: bytes, signature: bytes) -> dict[str, Any]:
    """Return the key if it is trusted and signed the message; otherwise end the check."""
    key: dict[str, Any] | None = trust.get(key_id)
    if key is None:
        raise Verdict(UNTRUSTED, f"The trust list does not know the key {key_id}. Is the list up to date?")
    if key.get("revoked_at"):
        raise Verdict(UNTRUSTED, f"The key {key_id} was revoked at {key['revoked_at']}.")
    if not fits(bytes.fromhex(key["public"]), message, signature):
        raise Verdict(FORGED, "NOT AUTHENTIC: the contents were changed, or the signature is not the fund's.")
    return key


# --- The two forms ------------------------------------------------------------------------------
def check_pdf(pdf: bytes, trust: dict[str, Any]) -> dict[str, Any]:
    """Check the seal over the whole file, then the receipt attached to it, if there is one."""
    seals = list(SEAL.finditer(pdf))
    if len(seals) != 1:
        raise Verdict(FORGED, f"NOT AUTHENTIC: the file has {len(seals)} seals where there must be one.")
    key_id = seals[0][1].decode()
    before, after = pdf[: seals[0].start()], pdf[seals[0].end() :]
    digest = hashlib.sha256(before + after).hexdigest()
    message = f"relais-seal-1\n{key_id}\n{len(before)}\n{digest}\n".encode()
    check_signature(trust, key_id, message, bytes.fromhex(seals[0][2].decode()))
    attached = list(list_attachments(pdf))
    receipts = [data for data in attached if SIGNED_FORMAT.search(data)]
    signatures = [data for data in attached if SIGNATURE_FILE.fullmatch(data)]
    if not receipts and not signatures:
        return {"kind": "letter", "key": key_id}
    if len(receipts) != 1 or len(signatures) != 1:
        raise Verdict(FORGED, "NOT AUTHENTIC: the file does not carry exactly one receipt with its signature.")
    return check_json(receipts[0], signatures[0], trust)


def list_attachments(pdf: bytes) -> list[bytes]:
    """Return the contents of all streams that can be unpacked; the seal has vouched for the file."""
    found = []
    for stream in STREAM.finditer(pdf):
        try:
            found.append(zlib.decompressobj().decompress(stream[1], LARGEST))
        except zlib.error:
            found.append(stream[1])
    return found


def check_json(data: bytes, signature_file: bytes, trust: dict[str, Any]) -> dict[str, Any]:
    """Check a receipt's data against its detached signature."""
    parts = SIGNATURE_FILE.fullmatch(signature_file)
    if parts is None:
        raise Verdict(FORGED, "NOT AUTHENTIC: the signature file is not as the fund wrote it.")
    key = check_signature(trust, parts[1].decode(), data, bytes.fromhex(parts[2].decode()))
    receipt: dict[str, Any] = json.loads(data)
    if receipt.get("format") == "relais-deletion-1":
        if key.get("retired_at") and receipt["deleted_at"] > key["retired_at"]:
            raise Verdict(UNTRUSTED, "The certificate bears a time after the retirement of its key.")
        return {"kind": "deletion", "key": key["id"], "code": short_code(data), "certificate": receipt}
    if receipt.get("format") != "relais-receipt-1":
        raise Verdict(UNREADABLE, "The signed data is no receipt.")
    if key.get("retired_at") and receipt["sent_at"] > key["retired_at"]:
        raise Verdict(UNTRUSTED, "The receipt bears a time after the retirement of its key.")
    return {"kind": "receipt", "key": key["id"], "code": short_code(data), "receipt": receipt}


def short_code(data: bytes) -> str:
    """Return the code that is printed on the receipt."""
    number = int.from_bytes(hashlib.sha256(data).digest()[:10], "big")
    code = "".join(ALPHABET[number >> 5 * place & 31] for place in range(15, -1, -1))
    return "-".join(code[i : i + 4] for i in range(0, 16, 4))


# --- What is said ---------------------------------------------------------------------------------
def describe(found: dict[str, Any]) -> list[str]:
    """Return the lines that a person reads."""
    if found["kind"] == "letter":
        return ["AUTHENTIC letter: not a bit was changed since the fund sealed it.", f"Key: {found['key']}"]
    if found["kind"] == "deletion":
        return describe_deletion(found)
    receipt = found["receipt"]
    message, sender = receipt["message"], receipt["sender"]
    return [
        "AUTHENTIC receipt: not a bit was changed since the fund sealed it.",
        f"Fund:        {receipt['caisse']['name']}",
        f"What:        {message['title']} ({message['type']}, version {message['version']})",
        f"For:         {receipt['party']['name']} {receipt['party']['identifier']}".rstrip(),
        f"By:          {', '.join(filter(None, [sender['name'], sender['acting_party']]))} ({sender['channel']})",
        f"Sent at:     {receipt['sent_at']}",
        *(f"{row['label']}: {row['value']}" for row in receipt["summary"]),
        *(f"File:        {file['name']}  SHA-256 {file['sha256']}" for file in receipt["files"]),
        f"Contents:    SHA-256 {message['content_sha256']}",
        f"Short code:  {found['code']}",
        f"Key:         {found['key']}",
    ]


def describe_deletion(found: dict[str, Any]) -> list[str]:
    """Return the lines about a caisse that was deleted."""
    facts = found["certificate"]
    deleted = facts["deleted"]
    return [
        "AUTHENTIC certificate of deletion: not a bit was changed since the platform sealed it.",
        f"Platform:    {facts['platform']}",
        f"Fund:        {facts['caisse']['name']} ({facts['caisse']['slug']}, {facts['caisse']['id']})",
        f"Asked by:    {facts['asked']['by']}, {facts['asked']['at']}",
        f"Confirmed:   {facts['confirmed']['by']}, {facts['confirmed']['at']}",
        f"Deleted at:  {facts['deleted_at']}",
        f"Rows:        {sum(deleted['tables'].values())} in {len(deleted['tables'])} tables",
        f"Documents:   {deleted['documents']}, {deleted['document_bytes']} bytes",
        f"Their sum:   SHA-256 {deleted['documents_sha256']}",
        f"Short code:  {found['code']}",
        f"Key:         {found['key']}",
    ]


def compare(path: Path, found: dict[str, Any]) -> str:
    """Say under which name a file was sent; end the check if it was not."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    for file in found.get("receipt", {}).get("files", []):
        if file["sha256"] == digest:
            return f"{path.name} is exactly the file that was sent as {file['name']}."
    raise Verdict(DIFFERENT, f"{path.name} is NOT among the files that were sent.")


def check(arguments: argparse.Namespace) -> dict[str, Any]:
    """Check what the command line names."""
    data, trust = arguments.file.read_bytes(), read_trust(arguments.trust.read_bytes())
    if arguments.signature:
        return check_json(data, arguments.signature.read_bytes(), trust)
    return check_pdf(data, trust)


def run(arguments: argparse.Namespace) -> int:
    """Check, say the outcome, and return the exit status."""
    try:
        found = check(arguments)
        lines = [json.dumps(found)] if arguments.json else describe(found)
        lines += [compare(path, found) for path in arguments.compare]
    except Verdict as verdict:
        print(verdict)
        return verdict.status
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"This cannot be read: {type(error).__name__}: {error}")
        return UNREADABLE
    print("\n".join(lines))
    return AUTHENTIC


def main() -> NoReturn:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Check a Relais receipt offline.")
    parser.add_argument("file", type=Path, help="the PDF file, or the receipt's JSON")
    parser.add_argument("--trust", type=Path, required=True, help="the published list of keys")
    parser.add_argument("--signature", type=Path, help="the detached signature, where FILE is JSON")
    parser.add_argument("--compare", type=Path, nargs="*", default=[], help="files that should have been sent")
    parser.add_argument("--json", action="store_true", help="say what was found as JSON")
    sys.exit(run(parser.parse_args()))


if __name__ == "__main__":
    main()
