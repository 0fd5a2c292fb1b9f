"""Taking an upload in while it comes: each chunk goes on to the document store, none waits on this machine."""

from __future__ import annotations

import io
import queue
import threading
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHUNK_BYTES = 256 * 1024
_WAITING = 16


class _Stopped(Exception):
    """The upload broke off: what was stored of it is no file."""


class StoringHandler(FileUploadHandler):
    """Hands the one file of a form on to ``store``, which reads it in a thread of its own and touches no database.

    ``name`` and ``size_bytes`` are there once it has come; ``error`` is what ``store`` raised.
    """

    chunk_size = CHUNK_BYTES

    def __init__(self, field: str, store: Callable[[Iterator[bytes]], None]) -> None:
        super().__init__()
        self._field, self._store = field, store
        self._chunks: queue.Queue[bytes | type[_Stopped] | None] = queue.Queue(_WAITING)
        self._thread: threading.Thread | None = None
        self.name, self.size_bytes = "", 0
        self.error: Exception | None = None

    def new_file(self, *args: Any, **named: Any) -> None:
        """Begin with the form's file; others are not read."""
        super().new_file(*args, **named)
        if self.field_name != self._field or self._thread is not None:
            raise SkipFile
        self._thread = threading.Thread(target=self._run, name="relais-upload", daemon=True)
        self._thread.start()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Hand a chunk on; waits while the store is slower than the line."""
        del start
        self._give(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """Wait until all of it is stored; what is returned says name and size only."""
        self._end(None)
        self.name, self.size_bytes = self.file_name or "", file_size
        return UploadedFile(io.BytesIO(), name=self.file_name, size=file_size)

    def close(self) -> None:
        """End the thread, whatever became of the upload; repeatable."""
        self._end(_Stopped)

    def _run(self) -> None:
        try:
            self._store(self._read())
        except Exception as error:  # noqa: BLE001 -- told by the page, in the request's own thread
            self.error = error

    def _read(self) -> Iterator[bytes]:
        while (chunk := self._chunks.get()) is not None:
            if not isinstance(chunk, bytes):
                raise chunk
            yield chunk

    def _give(self, chunk: bytes | type[_Stopped] | None) -> None:
        while self._thread is not None and self._thread.is_alive():
            try:
                self._chunks.put(chunk, timeout=0.1)
            except queue.Full:
                continue
            return

    def _end(self, last: type[_Stopped] | None) -> None:
        if self._thread is not None:
            self._give(last)
            self._thread.join()
