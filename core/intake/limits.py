"""How much a file, and the child that reads it, may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one reading. Memory is bounded as private data, which polars' reservations do not swell."""

    file_bytes: int = 400 * MEBIBYTE
    inflated_bytes: int = 600 * MEBIBYTE
    package_parts: int = 2_000
    archive_files: int = 1_000
    archive_bytes: int = 600 * MEBIBYTE
    inflate_ratio: int = 250
    rows: int = 250_000
    columns: int = 300
    cpu_seconds: int = 90
    wall_seconds: int = 180
    data_bytes: int = 512 * MEBIBYTE
    address_bytes: int = 4096 * MEBIBYTE
    output_bytes: int = 512 * MEBIBYTE
    niceness: int = 5

    def to_json(self) -> dict[str, int]:
        """Return the bounds as plain data for the child's job file."""
        return asdict(self)
