"""Opens one upload that may be an archive of many files, and says of each what it is and whose; in the child only."""

from __future__ import annotations

import hashlib
import unicodedata
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from core.intake import refusals
from core.intake.hardened_xml import check_prologue
from core.intake.jobs import FILES_FOLDER
from core.intake.packages import ENCRYPTED_FLAG, METHODS, RATIO_FROM_BYTES, inflate, open_package
from core.intake.plans import XmlInput, load_plan
from core.intake.progress import Reporter
from core.intake.sniff import FileKind, sniff

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.intake.jobs import ParseJob
    from core.intake.limits import Limits

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
LONGEST_NAME = 300
# What programs that pack leave behind of themselves.
DEBRIS = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


def unpack(job: ParseJob, limits: Limits) -> dict[str, Any]:
    """Return ``files``: of each its name as it was packed, size, digest, kind, owners or refusal.

    Files of an archive lie in the output folder under ``stored``; a single file stays where it is (``stored`` is
    empty). Raises a refusal for an archive that is broken, locked, too large, or empty.
    """
    report = Reporter(job.output).report
    if job.source is None:
        raise refusals.EmptyFile
    if not _is_archive(job.source):
        name = str(job.choices.get("name") or "")
        return {"files": [_examine(job, limits, job.source, name, "")]}
    folder = job.output / FILES_FOLDER
    folder.mkdir(exist_ok=True)
    listed = []
    with _opened(job.source) as archive:
        parts = _check(archive, limits)
        for place, part in enumerate(parts, start=1):
            stored = f"{place:05}"
            _write(archive, part, folder / stored)
            listed.append(_examine(job, limits, folder / stored, _name(part), stored))
            report("unpacking", 5 + 90 * place // len(parts))
    return {"files": listed}


def _is_archive(source: Path) -> bool:
    """Whether this is a plain archive: a workbook is one too, but says so in its parts."""
    with source.open("rb") as file:
        if not file.read(4).startswith(ZIP_STARTS):
            return False
    with _opened(source) as archive:
        names = {name.lower() for name in archive.namelist()}
    return not names & {"[content_types].xml", "mimetype"}


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with open_package(source) as archive:
            yield archive
    except refusals.CorruptWorkbook as error:
        raise refusals.ArchiveBroken from error


def _check(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    parts = [part for part in archive.infolist() if not part.is_dir() and not _is_debris(part.filename)]
    if not parts:
        raise refusals.ArchiveEmpty
    if len(parts) > limits.archive_files:
        raise refusals.ArchiveTooMany(limit=limits.archive_files)
    if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
        raise refusals.ArchiveLocked
    if any(part.compress_type not in METHODS for part in parts):
        raise refusals.ArchiveBroken
    if sum(part.file_size for part in parts) > limits.archive_bytes:
        raise refusals.ArchiveBomb
    if any(part.file_size > max(RATIO_FROM_BYTES, part.compress_size * limits.inflate_ratio) for part in parts):
        raise refusals.ArchiveBomb
    return parts


def _is_debris(name: str) -> bool:
    folder, _, last = name.lower().rpartition("/")
    return f"{folder}/".startswith(DEBRIS[0]) or last in DEBRIS or last.startswith("~$")


def _write(archive: zipfile.ZipFile, part: zipfile.ZipInfo, target: Path) -> None:
    """Write one part under a name of ours: what it is called in the archive never becomes a path."""
    proof = 0
    try:
        with target.open("wb") as file:
            for chunk in inflate(archive, part):
                proof = zlib.crc32(chunk, proof)
                file.write(chunk)
    except refusals.WorkbookBomb as error:
        raise refusals.ArchiveBomb from error
    if proof != part.CRC:
        raise refusals.ArchiveBroken


def _name(part: zipfile.ZipInfo) -> str:
    plain = "".join(one for one in part.filename if unicodedata.category(one)[0] != "C")
    return plain[-LONGEST_NAME:]


def _examine(job: ParseJob, limits: Limits, path: Path, name: str, stored: str) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "stored": stored, "kind": "", "owners": [], "refusal": None}
    try:
        found["size"], found["sha256"] = _digest(path)
        kind = sniff(path, limits)
        found["kind"] = str(kind)
        if kind is FileKind.XML:
            found["owners"] = _owners(job, limits, path)
    except refusals.FileRefused as refusal:
        found["refusal"] = {"code": refusal.code, "params": refusal.params}
    return found


def _digest(path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _owners(job: ParseJob, limits: Limits, path: Path) -> list[str]:
    plan = load_plan(job.plan)
    with path.open("rb") as file:
        root = check_prologue(file)
    if plan.read_xml is None or plan.name_owners is None:
        raise refusals.UnknownXml(root=root.rpartition(" ")[2] or "?")
    report: Callable[[str, int], None] = lambda _stage, _percent: None  # noqa: E731 -- one file of many says nothing
    return list(plan.name_owners(XmlInput(path, root, limits, job.context, {}, report)))
