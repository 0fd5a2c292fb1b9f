"""Has a file judged by a child process that can do no harm: no secrets, little memory, little time."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from core.documents.ports import PortUnavailable, Verdict
from core.kernel.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).resolve().parents[2]
_CHILD = "integrations.structure_scanner.child"
_SECONDS = 20


class StructureScanner:
    """Implements ``core.documents.ports.VirusScanner`` by structure alone."""

    finds_viruses = False
    notice = N_("No virus scanner: files are only checked for their structure.")

    def scan(self, content: IO[bytes], *, filename: str, media_type: str) -> Verdict:
        with _on_disk(content) as file:
            try:
                child = _run(file, filename, media_type)
            except subprocess.TimeoutExpired:
                return Verdict("took_too_long")
            except OSError as error:
                raise PortUnavailable(str(error)) from error
        # A child that its limits ended has met a file that no honest program writes.
        return _read(child.stdout) if child.returncode == 0 else Verdict("took_too_long", "limits")


def _run(file: IO[bytes], filename: str, media_type: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 -- our own module; name and type are data to it
        [sys.executable, "-m", _CHILD, filename, media_type],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        timeout=_SECONDS,
        check=False,
    )


def _read(output: bytes) -> Verdict:
    code, detail = json.loads(output)
    return Verdict(code, detail)


@contextmanager
def _on_disk(content: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give the contents as a file that a child can inherit."""
    content.seek(0)
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(content, file)
        file.flush()
        file.seek(0)
        yield file
