"""Ceph's object gateway on one monitor and one store in memory: a real S3 server on loopback."""

from __future__ import annotations

import http.client
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from uuid import uuid4

from integrations.s3 import S3Settings
from integrations.s3.store import make_client
from tests.production.components.base import PATIENCE_SECONDS, Component, NotStarted, free_port

BUCKET = "relais-documents"
# A single node on loopback needs these: no authentication between the daemons (the gateway would
# otherwise insist on secure mode), addresses given outright, and one copy of everything.
_CONFIGURATION = """[global]
fsid = {fsid}
mon initial members = a
mon host = [v2:127.0.0.1:{mon2},v1:127.0.0.1:{mon1}]
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc secure
ms client mode = crc
public addr = 127.0.0.1
cluster addr = 127.0.0.1
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data = {folder}/mon
osd data = {folder}/osd
rgw data = {folder}/rgw
osd objectstore = memstore
memstore device bytes = 2147483648
osd memory target = 939524096
run dir = {folder}/run
log file = {folder}/$name.log
admin socket = {folder}/run/$name.asok
rgw frontends = beast endpoint=127.0.0.1:{port} tcp_nodelay=1
rgw crypt require ssl = false
rgw dynamic resharding = false
rgw enable usage log = false
"""


class Radosgw(Component):
    """Answers some ten seconds after its start; keeps everything in memory."""

    packages = ("radosgw", "ceph-mon", "ceph-osd", "ceph-common")
    programs = ("radosgw", "ceph-mon", "ceph-osd", "ceph", "monmaptool", "radosgw-admin")

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.settings = S3Settings(f"http://127.0.0.1:{self.port}", BUCKET, uuid4().hex, uuid4().hex)

    def prepare(self) -> None:
        self.fsid, self.mon1, self.mon2 = str(uuid4()), free_port(), free_port()
        for name in ("mon", "osd", "rgw", "run"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir()
        self.configuration = self.folder / "ceph.conf"
        self.configuration.write_text(
            _CONFIGURATION.format(fsid=self.fsid, folder=self.folder, port=self.port, mon1=self.mon1, mon2=self.mon2)
        )

    def launch(self) -> None:
        self._start_monitor()
        self._start_store()
        self.spawn("radosgw", "-c", self.configuration, "-n", "client.rgw.x", "-f")

    def _start_monitor(self) -> None:
        addresses = f"[v2:127.0.0.1:{self.mon2},v1:127.0.0.1:{self.mon1}]"
        plan = self.folder / "monmap"
        self.run("monmaptool", "--create", "--clobber", "--addv", "a", addresses, "--fsid", self.fsid, plan)
        self.run("ceph-mon", "-c", self.configuration, "--mkfs", "-i", "a", "--monmap", plan)
        self.spawn("ceph-mon", "-c", self.configuration, "-i", "a", "-f")

    def _start_store(self) -> None:
        store = str(uuid4())
        # The monitor must hear of the store before it boots, under the same name.
        self.run("ceph", "-c", self.configuration, "osd", "new", store, timeout=PATIENCE_SECONDS)
        self.run("ceph-osd", "-c", self.configuration, "-i", "0", "--mkfs", "--osd-uuid", store)
        self.spawn("ceph-osd", "-c", self.configuration, "-i", "0", "-f")

    def is_up(self) -> bool:
        try:
            urllib.request.urlopen(self.settings.endpoint, timeout=2).close()
        except (urllib.error.URLError, http.client.HTTPException, OSError):
            return False
        return True

    def wait(self, seconds: float = PATIENCE_SECONDS) -> None:
        super().wait(seconds)
        self.run(
            "radosgw-admin", "-c", self.configuration, "-n", "client.rgw.x", "user", "create", "--uid=relais",
            "--display-name=relais", f"--access-key={self.settings.access_key}",
            f"--secret-key={self.settings.secret_key}", timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        made = make_client(self.settings).create_bucket(Bucket=BUCKET)
        if made["ResponseMetadata"]["HTTPStatusCode"] != 200:
            raise NotStarted("the bucket was not made")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "RELAIS_S3_ENDPOINT": self.settings.endpoint,
            "RELAIS_S3_BUCKET": BUCKET,
            "RELAIS_S3_KEY": self.settings.access_key,
            "RELAIS_S3_SECRET": self.settings.secret_key,
        }
