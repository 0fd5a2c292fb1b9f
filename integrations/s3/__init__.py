"""Documents in any object store that speaks S3."""

from __future__ import annotations

from integrations.s3.store import S3Settings, S3Store

__all__ = ["S3Settings", "S3Store"]
