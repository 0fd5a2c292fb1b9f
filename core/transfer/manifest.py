"""What the first part of an export says: which caisse, by which version, with which tables."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

FORMAT = "relais-export-1"


class Table(BaseModel):
    """One table that travels: its columns in the order of the COPY text."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(pattern=r"^[a-z0-9_]{1,63}$")
    columns: tuple[str, ...]


class MissingSecret(BaseModel):
    """A secret that does not travel; ``kind`` says where it lay: sealed here, or referred to."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    section: str
    field: str
    kind: str


class Manifest(BaseModel):
    """The first part. Times are UTC; ``migrations`` are ``app.name`` of all that the tables have seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: str
    platform_version: str
    platform: str
    made_at: str
    made_by: str
    caisse_id: str = Field(pattern=r"^[a-z][a-z0-9]{7}$")
    slug: str
    name: str
    addresses: tuple[str, ...]
    fingerprint: str
    migrations: tuple[str, ...]
    tables: tuple[Table, ...]
    secrets_absent: tuple[MissingSecret, ...]


class Closing(BaseModel):
    """The last part but its signature: how much there is, and the digest over all digests."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: str
    caisse_id: str
    rows: dict[str, int]
    documents: int
    document_bytes: int
    withdrawn: int
    sums_sha256: str
