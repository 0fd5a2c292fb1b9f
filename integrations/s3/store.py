"""A document store on S3: one bucket, digests checked by us because not every S3 does."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from core.documents.ports import (
    CHUNK_BYTES,
    ObjectMissing,
    ObjectTaken,
    PortUnavailable,
    StoredObject,
    check_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from types_boto3_s3.client import S3Client

_IN_MEMORY_BYTES = 8 * 2**20
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
_TAKEN = frozenset({"412", "PreconditionFailed"})


@dataclass(frozen=True, slots=True)
class S3Settings:
    """Where the bucket is and who we are there; path style works on every S3."""

    endpoint: str
    bucket: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    region: str = "us-east-1"


class S3Store:
    """Implements ``core.documents.ports.DocumentStore``; see there for what each method promises."""

    def __init__(self, settings: S3Settings) -> None:
        self._bucket = settings.bucket
        self._client = make_client(settings)

    def put(self, key: str, chunks: Iterable[bytes]) -> StoredObject:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:
            spooled = _spool(file, chunks)
            try:
                self._send(key, file, spooled)
            except ClientError as error:
                if _code_of(error) not in _TAKEN:
                    raise PortUnavailable(_code_of(error)) from error
                self._check_same(key, spooled)
            except BotoCoreError as error:
                raise PortUnavailable(str(error)) from error
        return StoredObject(key, spooled.size, spooled.sha256)

    def open(self, key: str) -> Iterator[bytes]:
        with _translated(key):
            body = self._client.get_object(Bucket=self._bucket, Key=check_key(key))["Body"]
        return _read(key, body)

    def exists(self, key: str) -> bool:
        try:
            self.stat(key)
        except ObjectMissing:
            return False
        return True

    def stat(self, key: str) -> StoredObject:
        with _translated(key):
            found = self._client.head_object(Bucket=self._bucket, Key=check_key(key))
        digest = found["Metadata"].get("sha256", "")
        return StoredObject(key, found["ContentLength"], digest, found["LastModified"])

    def delete(self, key: str) -> None:
        with _translated(key):
            self._client.delete_object(Bucket=self._bucket, Key=check_key(key))

    def list_objects(self, prefix: str) -> Iterator[StoredObject]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with _translated(prefix):
            for page in pages:
                for found in page.get("Contents", []):
                    yield StoredObject(found["Key"], found["Size"], stored_at=found["LastModified"])

    def _send(self, key: str, file: IO[bytes], spooled: _Spooled) -> None:
        # The server refuses a body that does not fit Content-MD5: every S3 does that, while newer
        # checksums are ignored by some. The digest that counts is ours, verified at each reading.
        self._client.put_object(
            Bucket=self._bucket,
            Key=check_key(key),
            Body=file,
            ContentLength=spooled.size,
            ContentMD5=spooled.md5,
            IfNoneMatch="*",
            Metadata={"sha256": spooled.sha256},
        )

    def _check_same(self, key: str, spooled: _Spooled) -> None:
        found = self.stat(key)
        if (found.size_bytes, found.sha256) != (spooled.size, spooled.sha256):
            raise ObjectTaken(key)


@dataclass(frozen=True, slots=True)
class _Spooled:
    size: int
    sha256: str
    md5: str


def make_client(settings: S3Settings) -> S3Client:
    """Return a client that signs by version 4, retries a little, and adds no checksums of its own."""
    return boto3.client(
        "s3",
        endpoint_url=settings.endpoint,
        region_name=settings.region,
        aws_access_key_id=settings.access_key,
        aws_secret_access_key=settings.secret_key,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            retries={"max_attempts": 3, "mode": "standard"},
            connect_timeout=5,
            read_timeout=60,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def _spool(file: IO[bytes], chunks: Iterable[bytes]) -> _Spooled:
    sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    for chunk in chunks:
        file.write(chunk)
        sha256.update(chunk)
        md5.update(chunk)
        size += len(chunk)
    file.seek(0)
    return _Spooled(size, sha256.hexdigest(), base64.b64encode(md5.digest()).decode())


def _read(key: str, body: Any) -> Iterator[bytes]:
    with _translated(key):
        yield from body.iter_chunks(CHUNK_BYTES)


def _code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def _translated(key: str) -> Iterator[None]:
    """Say a neighbour's errors in the port's words."""
    try:
        yield
    except ClientError as error:
        if _code_of(error) in _ABSENT:
            raise ObjectMissing(key) from error
        raise PortUnavailable(_code_of(error)) from error
    except BotoCoreError as error:
        raise PortUnavailable(str(error)) from error
