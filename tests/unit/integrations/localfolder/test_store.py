"""The local folder as a document store."""

from __future__ import annotations

import pytest

from core.documents.ports import PortUnavailable
from integrations.localfolder import LocalFolderStore
from tests.support.store_contract import DocumentStoreContract


class TestLocalFolderStore(DocumentStoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        return LocalFolderStore(tmp_path / "documents")

    def test_nothing_is_left_aside_after_a_failure(self, store, tmp_path):
        with pytest.raises(ZeroDivisionError):
            store.put("cabcdefg/x", (1 / 0 for _ in range(1)))
        assert list((tmp_path / "documents" / ".aside").iterdir()) == []

    def test_folder_that_cannot_be_written_reads_as_unavailable(self, store, tmp_path):
        (tmp_path / "documents").mkdir()
        (tmp_path / "documents" / "cblocked").write_text("a file where a folder must be")
        with pytest.raises(PortUnavailable):
            store.put("cblocked/x", [b"x"])

    def test_files_of_others_are_not_readable(self, store, tmp_path):
        store.put("cabcdefg/x", [b"x"])
        assert (tmp_path / "documents" / "cabcdefg").stat().st_mode & 0o077 == 0
