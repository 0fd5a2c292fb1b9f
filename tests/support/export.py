"""Exports for tests: made in memory, opened, changed and closed again, as somebody with bad or clumsy hands would."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile

from core.documents.evidence import seals, signing
from core.kernel.actors import Actor
from core.transfer import sealing
from core.transfer.archive import Writer
from core.transfer.exporting import Export
from core.transfer.importing import Import, import_caisse

OPERATOR = Actor(kind="operator", name="Olga")
PRIVATE, PUBLIC = sealing.new_private_key()


def export(caisse):
    """Return the sealed file."""
    return b"".join(Export(caisse=caisse, actor=OPERATOR, public_key=PUBLIC).pieces())


def bring(sealed, slug="copy", *, key=PRIVATE, **more):
    """Import a sealed file."""
    return import_caisse(Import(lambda: iter([sealed]), key, slug, OPERATOR, **more))


def open_export(sealed):
    """Return the parts by name."""
    plain = b"".join(sealing.decrypt(iter([sealed]), PRIVATE))
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}


def close_export(parts, *, key=None, sums=None):
    """Return a sealed file of these parts, with digests and signature that fit them unless told otherwise."""
    body = b""
    with Writer() as writer:
        for name, content in parts.items():
            if name not in {"SHA256SUMS", "closing.json", "closing.sig.json"}:
                body += b"".join(writer.part(name, content))
        closing = {**json.loads(parts["closing.json"]), "sums_sha256": sums or writer.sums_sha256}
        sealed = seals.seal_payload(closing, key or signing.get_keyring().active)
        body += b"".join(writer.end(sealed.json_bytes, sealed.signature_file))
    return seal(body)


def seal(plain):
    """Encrypt to the tests' key."""
    return b"".join(sealing.encrypt(iter([plain]), PUBLIC))


def digest(content):
    """Return the digest as SHA256SUMS writes it."""
    return hashlib.sha256(content).hexdigest()
