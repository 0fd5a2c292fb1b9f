"""What every document store must do; the same tests run on the local folder and on S3."""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime, timedelta

import pytest

from core.documents.ports import DocumentStore, ObjectMissing, ObjectTaken
from core.kernel.identifiers import new_id


class Interrupted(Exception):
    """The upload broke off."""


def _key(caisse: str = "cabcdefg") -> str:
    return f"{caisse}/{new_id()}"


class DocumentStoreContract:
    """Inherit and give a fixture ``store``."""

    def test_store_fulfils_the_port(self, store):
        assert isinstance(store, DocumentStore)

    def test_object_comes_back_as_it_was(self, store):
        key, chunks = _key(), [b"abc", b"", b"\x00\xff" * 1000]
        stored = store.put(key, iter(chunks))
        content = b"".join(chunks)
        assert b"".join(store.open(key)) == content
        assert (stored.size_bytes, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())

    @pytest.mark.parametrize("size", [0, 1, 262_143, 262_144, 262_145, 20 * 2**20])
    def test_every_size_comes_back_whole(self, store, size):
        key, content = _key(), bytes(range(256)) * (size // 256) + b"x" * (size % 256)
        store.put(key, (content[i : i + 65_536] for i in range(0, size, 65_536)))
        assert hashlib.sha256(b"".join(store.open(key))).digest() == hashlib.sha256(content).digest()
        assert store.stat(key).size_bytes == size

    def test_same_bytes_again_are_accepted_and_others_refused(self, store):
        key = _key()
        store.put(key, [b"first"])
        store.put(key, [b"first"])
        with pytest.raises(ObjectTaken):
            store.put(key, [b"other"])
        assert b"".join(store.open(key)) == b"first"

    def test_upload_that_breaks_off_leaves_nothing(self, store):
        def chunks():
            yield b"half"
            raise Interrupted

        key = _key("cbreakof")
        with pytest.raises(Interrupted):
            store.put(key, chunks())
        assert not store.exists(key)
        assert list(store.list_objects("cbreakof/")) == []

    def test_missing_object_is_said_before_the_first_byte(self, store):
        key = _key()
        with pytest.raises(ObjectMissing):
            store.open(key)
        with pytest.raises(ObjectMissing):
            store.stat(key)
        assert not store.exists(key)

    def test_deletion_is_repeatable_and_touches_no_other(self, store):
        gone, kept = _key(), _key()
        for key in (gone, kept):
            store.put(key, [b"same"])
        store.delete(gone)
        store.delete(gone)
        assert (store.exists(gone), store.exists(kept)) == (False, True)

    def test_listing_keeps_to_its_prefix_and_says_when(self, store):
        mine, other = sorted(_key("cmineaaa") for _ in range(3)), _key("cmineaab")
        for key in [*mine, other]:
            store.put(key, [b"x"])
        found = list(store.list_objects("cmineaaa/"))
        assert [entry.key for entry in found] == mine
        assert all(abs(datetime.now(UTC) - entry.stored_at) < timedelta(minutes=5) for entry in found)

    @pytest.mark.parametrize(
        "key", ["", "a", "/etc/passwd", "../a/b", "a/../b", "a/b.c", "a//b", "a/b\x00", "a\\b/c", ".aside/x"]
    )
    def test_key_that_could_lead_elsewhere_is_refused(self, store, key):
        for action in (store.open, store.stat, store.exists, store.delete, lambda key: store.put(key, [b"x"])):
            with pytest.raises(ValueError, match="is no key"):
                action(key)

    def test_of_many_who_write_one_key_one_wins(self, store):
        key, outcomes = _key(), []

        def write(number: int) -> None:
            try:
                store.put(key, [b"%d" % number] * 1000)
                outcomes.append(number)
            except ObjectTaken:
                pass

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(outcomes) == 1
        assert b"".join(store.open(key)) == b"%d" % outcomes[0] * 1000
