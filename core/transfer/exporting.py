"""Making an export: configuration, rows at one moment, then the documents of those rows; streamed and sealed."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import translation

from core.configuration import configuration, tomlfile
from core.documents import trust
from core.documents.errors import DocumentDamaged
from core.documents.evidence import signing
from core.documents.evidence.keys import to_utc_text
from core.documents.models import Document, State
from core.documents.storing import stream_verified
from core.kernel import clock
from core.kernel.text import N_
from core.transfer import archive, sealing, snapshot
from core.transfer.archive import SMALL_BYTES, Writer
from core.transfer.errors import DocumentLost
from core.transfer.manifest import FORMAT, Closing, Manifest
from tenants import contents
from tenants.portal import portal_url
from tenants.scope import platform_transaction, tenant_transaction
from tenants.services import get_caisse_by_slug

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from core.kernel.actors import Actor
    from core.kernel.text import Text
    from tenants.scope import CaisseRef

    Progress = Callable[[Text, int, int], None]

ROWS = N_("data")
DOCUMENTS = N_("documents")
# Of a hundred: reading rows is quick beside fetching every document.
_DOCUMENTS_FROM = 20
_EACH = 25
_DOCUMENTS = (
    "COPY (SELECT id, size_bytes, sha256 FROM core_documents_document WHERE state <> 'refused' ORDER BY id) TO STDOUT"
)


@dataclass(slots=True)
class Export:
    """An export in the making; ``closing`` says what was in it once ``pieces`` has been read to its end."""

    caisse: CaisseRef
    actor: Actor
    public_key: str
    progress: Progress = lambda _label, _number, _total: None
    closing: Closing | None = None
    counts: snapshot.Counts = field(default_factory=snapshot.Counts)

    def pieces(self) -> Iterator[bytes]:
        """Yield the sealed file's bytes; outside any scope.

        Raises ``PublicKeyInvalid``, ``DocumentLost`` or ``StoreUnavailable``.
        """
        return sealing.encrypt(self._plain(), self.public_key)

    def _plain(self) -> Iterator[bytes]:
        with platform_transaction():
            row = get_caisse_by_slug(self.caisse.slug)
        self.progress(ROWS, 1, 100)
        with Writer() as writer, tempfile.SpooledTemporaryFile(max_size=SMALL_BYTES) as listed:
            with snapshot.moment(self.caisse):
                yield from self._head(writer, row.name)
                for table in snapshot.describe_tables():
                    for piece in snapshot.read_rows(table, self.counts):
                        yield from writer.part(f"tables/{piece.table}/{piece.number:06}.copy", piece.text)
                count = _list_documents(listed)
            bytes_, withdrawn = yield from self._documents(writer, listed, count)
            self.closing = self._closing(count - withdrawn, bytes_, withdrawn, writer.sums_sha256)
            sealed = signing.seal(self.closing.model_dump())
            yield from writer.end(sealed.json_bytes, sealed.signature_file)

    def _closing(self, documents: int, document_bytes: int, withdrawn: int, sums_sha256: str) -> Closing:
        return Closing(
            format=FORMAT,
            caisse_id=self.caisse.id,
            rows=self.counts.rows,
            documents=documents,
            document_bytes=document_bytes,
            withdrawn=withdrawn,
            sums_sha256=sums_sha256,
        )

    def _head(self, writer: Writer, name: str) -> Iterator[bytes]:
        sections = configuration.read().sections
        manifest = Manifest(
            format=FORMAT,
            platform_version=settings.VERSION,
            platform=settings.PLATFORM_DOMAIN,
            made_at=to_utc_text(clock.now()),
            made_by=self.actor.name,
            caisse_id=self.caisse.id,
            slug=self.caisse.slug,
            name=name,
            addresses=(portal_url(self.caisse),),
            fingerprint=contents.fingerprint(),
            migrations=snapshot.list_migrations(),
            tables=snapshot.describe_tables(),
            secrets_absent=snapshot.list_secrets_in_force(dict(sections)),
        )
        with translation.override("en"):
            toml = tomlfile.dump(sections)
        yield from writer.part(archive.MANIFEST, manifest.model_dump_json(indent=1).encode())
        yield from writer.part(archive.SETTINGS, toml.encode())
        yield from writer.part(archive.TRUST, json.dumps(_trust_lists(), indent=1).encode())

    def _documents(self, writer: Writer, listed: IO[bytes], count: int) -> Generator[bytes, None, tuple[int, int]]:
        """Yield every document's part; return how many bytes, and how many were withdrawn meanwhile."""
        total, withdrawn = 0, []
        listed.seek(0)
        for number, line in enumerate(listed):
            if number % _EACH == 0:
                self.progress(DOCUMENTS, _DOCUMENTS_FROM + (99 - _DOCUMENTS_FROM) * number // max(count, 1), 100)
            document = _read_line(line)
            chunks = self._open(document)
            if chunks is None:
                withdrawn.append(str(document.id))
                continue
            yield from writer.stream(f"documents/{document.id}", document.size_bytes, chunks)
            total += document.size_bytes
        yield from writer.part(archive.WITHDRAWN, "".join(f"{one}\n" for one in withdrawn).encode())
        return total, len(withdrawn)

    def _open(self, document: Document) -> Iterator[bytes] | None:
        """Return the verified contents, or None for a document that was withdrawn after the moment of the rows."""
        chunks = stream_verified(self.caisse, document)
        try:
            first = next(chunks)
        except DocumentDamaged as error:
            with tenant_transaction(self.caisse):
                stands = Document.objects.filter(id=document.id).exclude(state=State.REFUSED).exists()
            if stands:
                raise DocumentLost(document=str(document.id)) from error
            return None
        return self._rest(document, first, chunks)

    def _rest(self, document: Document, first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
        yield first
        try:
            yield from chunks
        except DocumentDamaged as error:
            raise DocumentLost(document=str(document.id)) from error


def _trust_lists() -> list[dict[str, Any]]:
    """Return the public keys that signed this caisse's receipts: this platform's, and those it came with."""
    return [signing.trust_list(), *trust.list_foreign()]


def _list_documents(listed: IO[bytes]) -> int:
    """Write identity, size and digest of every document to a file; a refused file stays where it is refused."""
    count = 0
    with connection.cursor() as cursor, cursor.copy(_DOCUMENTS) as copy:
        for row in copy:
            listed.write(bytes(row))
            count += 1
    return count


def _read_line(line: bytes) -> Document:
    document_id, size_bytes, sha256 = line.decode().rstrip("\n").split("\t")
    return Document(id=UUID(document_id), size_bytes=int(size_bytes), sha256=sha256)
