"""The document store's contract on Ceph's object gateway, and what only a network can do wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.documents.ports import PortUnavailable
from integrations.s3 import S3Store
from integrations.s3.store import make_client
from tests.production.components.base import silent_port
from tests.support.store_contract import DocumentStoreContract


class TestS3Store(DocumentStoreContract):
    @pytest.fixture
    def store(self, radosgw):
        return S3Store(radosgw.settings)

    def test_digest_stands_beside_the_object(self, store):
        stored = store.put("cabcdefg/digest", [b"abc"])
        assert store.stat("cabcdefg/digest").sha256 == stored.sha256

    def test_object_is_not_readable_by_strangers(self, store, radosgw):
        import urllib.error
        import urllib.request

        store.put("cabcdefg/secret", [b"abc"])
        address = f"{radosgw.settings.endpoint}/{radosgw.settings.bucket}/cabcdefg/secret"
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(address, timeout=60)

    def test_wrong_secret_reads_as_unavailable(self, radosgw):
        stranger = S3Store(replace(radosgw.settings, secret_key="wrong"))
        for action in (stranger.open, stranger.stat, stranger.exists, lambda key: stranger.put(key, [b"x"])):
            with pytest.raises(PortUnavailable):
                action("cabcdefg/any")

    def test_server_that_is_gone_reads_as_unavailable(self, radosgw):
        with silent_port() as port, pytest.raises(PortUnavailable):
            S3Store(replace(radosgw.settings, endpoint=f"http://127.0.0.1:{port}")).exists("cabcdefg/any")

    def test_listing_goes_beyond_one_page(self, store, radosgw):
        client = make_client(radosgw.settings)
        for number in range(1005):
            client.put_object(Bucket=radosgw.settings.bucket, Key=f"cpages00/{number:05}", Body=b"")
        assert len(list(store.list_objects("cpages00/"))) == 1005
