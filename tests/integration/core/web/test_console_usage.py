"""The console's page on limits: what holds, what is used, a warning from 80 per cent on."""

from __future__ import annotations

from core.documents.services import Placement, store_generated
from core.kernel.actors import Actor
from tests.support.steering import limit


def usage(office, name="gilles", status=200):
    answer = office.browser(name).get("/console/usage/", HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == status
    return answer.content.decode()


def test_administrator_and_auditor_read_limits_and_use(office):
    limit(office.caisse, storage_bytes=1000, api_per_minute=77)
    assert "77" in usage(office)
    assert "alert-" not in usage(office, "greta")
    usage(office, "elena", status=404)


def test_warning_comes_at_80_per_cent_and_grows_at_100(office, other_office):
    limit(office.caisse, storage_bytes=1000)
    for size, alert in ((790, None), (10, "alert-warning"), (200, "alert-danger")):
        store_generated(
            caisse=office.caisse, actor=Actor.system("test"), content=b"x" * size, filename="r.pdf",
            placement=Placement(kind="receipt"),
        )  # fmt: skip
        page = usage(office)
        assert [one for one in ("alert-warning", "alert-danger") if one in page] == ([alert] if alert else [])
    assert "alert-" not in usage(other_office)
