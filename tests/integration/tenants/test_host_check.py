"""The look from outside, against real servers on this machine: right, elsewhere, slow, redirecting, with TLS."""

from __future__ import annotations

import contextlib
import http.server
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from tenants import addresses, hosts, proof
from tenants.host_check import looking, network, services
from tenants.hosts import Address
from tenants.models import HostCheck
from tenants.scope import platform_transaction
from tests.integration.tenants.support import wait_until
from tests.support import live
from tests.support.browsing import Browser

SEEN = []


class _Handler(http.server.BaseHTTPRequestHandler):
    status, headers_sent, content, pause = 200, {}, b"{}", 0.0

    def do_GET(self):
        SEEN.append((self.headers["Host"], self.path))
        self.send_response(self.status)
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):
            for byte in self.content:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(self.pause)

    def log_message(self, *_):
        """Say nothing."""


@contextlib.contextmanager
def _server(context=None, **given):
    handler = type("Handler", (_Handler,), {"headers_sent": {}, **given})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def _forget():
    SEEN.clear()


def _here(_host):
    return ["127.0.0.1"]


def _with(caisse, *texts):
    with platform_transaction():
        rows = [addresses.add_address(caisse=caisse, text=text) for text in texts]
    wait_until(lambda: len(hosts.get_entry(caisse).addresses) == len(texts) + 1)
    return rows


def test_own_addresses_prove_themselves_and_the_result_is_kept(caisse, other_caisse, settings):
    _with(caisse, "localhost/ak26")
    with live.serve() as served:
        settings.PUBLIC_PORT = served.port
        kept = services.check_addresses(caisse)
        foreign = looking.look_at(other_caisse, Address("ak26.localhost"))
    assert [(one.host, one.path_prefix, one.outcome) for one in kept] == [
        ("ak26.localhost", "", "points_here"), ("localhost", "ak26", "points_here"),
    ]  # fmt: skip
    assert foreign.outcome == "other_caisse"
    with platform_transaction():
        assert set(services.list_checks(caisse)) == {("ak26.localhost", ""), ("localhost", "ak26")}
    settings.PUBLIC_PORT = 1  # the port served before may be another's by now
    again = services.check_address(caisse, Address("ak26.localhost"))
    assert again.outcome == "no_answer"
    with platform_transaction():
        assert HostCheck.objects.count() == 2


def test_suspended_caisse_still_proves_itself(caisse):
    from core.kernel.actors import Actor
    from tenants.services import suspend_caisse

    with platform_transaction():
        suspend_caisse(actor=Actor.system("test"), caisse=caisse, reason="")
    wait_until(lambda: hosts.get_caisse(caisse.id).state == "suspended")
    answer = Browser().get(f"{proof.PATH}{'a' * 32}", headers={"host": "ak26.localhost"})
    expected = proof.make_proof(challenge="a" * 32, caisse_id=caisse.id, host="ak26.localhost", path_prefix="")
    assert answer.json() == {"caisse": caisse.id, "proof": expected}


@pytest.mark.parametrize("challenge", ["", "short", "A" * 32, "a" * 33, "../" * 8])
def test_odd_challenge_is_answered_by_nothing(caisse, challenge):
    assert Browser().get(f"{proof.PATH}{challenge}", headers={"host": "ak26.localhost"}).status_code == 404


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"status": 200, "content": b"<html>"}, "elsewhere"),
        ({"status": 200, "content": b'{"caisse": "aaaaaaaa", "proof": "00"}'}, "elsewhere"),
        ({"status": 200, "content": b'{"proof": 7}'}, "elsewhere"),
        ({"status": 200, "content": b"[]"}, "elsewhere"),
        ({"status": 404}, "elsewhere"),
        ({"status": 302, "headers_sent": {"Location": "http://169.254.169.254/"}}, "redirected"),
    ],
)
def test_what_is_not_this_platform_is_told_apart(caisse, settings, answer, outcome):
    with _server(**answer) as settings.PUBLIC_PORT:
        seen = looking.look_at(caisse, Address("portal.ak26.ch"), resolve=_here)
    assert seen.outcome == outcome
    assert len(SEEN) == 1
    assert SEEN[0][0].startswith("portal.ak26.ch")


def test_replayed_answer_proves_nothing(caisse, settings):
    old = Browser().get(f"{proof.PATH}{'a' * 32}", headers={"host": "ak26.localhost"}).content
    with _server(content=old) as settings.PUBLIC_PORT:
        assert looking.look_at(caisse, Address("ak26.localhost")).outcome == "elsewhere"


def test_server_that_answers_drop_by_drop_holds_nobody(caisse, settings, monkeypatch):
    monkeypatch.setattr(looking, "WHOLE_SECONDS", 0.6)
    with _server(content=b"x" * 2000, pause=0.05) as settings.PUBLIC_PORT:
        begun = time.monotonic()
        assert looking.look_at(caisse, Address("ak26.localhost")).outcome == "too_slow"
        assert time.monotonic() - begun < 60, "the whole answer takes 100 s"
        wait_until(lambda: not any(one.name == "relais-host-check" for one in threading.enumerate()))


def test_name_server_that_says_nothing_holds_nobody(caisse, monkeypatch):
    monkeypatch.setattr(looking, "WHOLE_SECONDS", 0.3)
    released = threading.Event()
    assert (
        looking.look_at(caisse, Address("slow.ch"), resolve=lambda _host: released.wait(5) and []).outcome == "too_slow"
    )
    released.set()


def test_unknown_name(caisse):
    def nothing(_host):
        raise network.NameUnknown

    assert looking.look_at(caisse, Address("portal.ak26.ch"), resolve=nothing).outcome == "name_unknown"


@pytest.mark.parametrize("found", [["10.0.0.5"], ["127.0.0.1"], ["8.8.8.8", "169.254.169.254"]])
def test_host_that_leads_into_the_private_net_is_not_asked(caisse, settings, found):
    settings.EMBEDDED, settings.HOST_CHECK_NETWORKS = False, []
    with _server() as settings.PUBLIC_PORT:
        assert looking.look_at(caisse, Address("evil.ch"), resolve=lambda _host: found).outcome == "private_address"
    assert SEEN == []


def test_name_is_resolved_once_so_that_a_second_answer_changes_nothing(caisse, settings):
    asked = []
    with _server() as settings.PUBLIC_PORT:
        looking.look_at(caisse, Address("rebind.ch"), resolve=lambda host: asked.append(host) or ["127.0.0.1"])
    assert asked == ["rebind.ch"]


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """Return a function that makes a server's context with a certificate for a name, trusted by this process."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def make(name, days):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=90))
            .not_valid_after(now + timedelta(days=days, minutes=5))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )  # fmt: skip
        (tmp_path / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        (tmp_path / "key.pem").write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
        return context

    return make


def _proving(caisse, host):
    class Proving(_Handler):
        def do_GET(self):
            challenge = self.path.removeprefix(proof.PATH)
            code = proof.make_proof(challenge=challenge, caisse_id=caisse.id, host=host, path_prefix="")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f'{{"caisse": "{caisse.id}", "proof": "{code}"}}'.encode())

    return Proving.do_GET


@pytest.mark.parametrize(("days", "level"), [(60, "ok"), (5, "warning")])
def test_certificate_is_read_and_its_near_end_is_told(caisse, settings, certificate, days, level):
    settings.PUBLIC_SCHEME = "https"
    with _server(
        certificate("portal.ak26.ch", days), do_GET=_proving(caisse, "portal.ak26.ch")
    ) as settings.PUBLIC_PORT:
        seen = looking.look_at(caisse, Address("portal.ak26.ch"), resolve=_here)
    assert seen.outcome == "points_here"
    assert (seen.certificate_ends_at - datetime.now(UTC)).days == days
    kept = HostCheck(outcome=seen.outcome, details=seen.details, certificate_ends_at=seen.certificate_ends_at)
    with translation.override("en"):
        assert services.tell(kept).level == level


@pytest.mark.parametrize(("name", "days"), [("other.ch", 60), ("portal.ak26.ch", -10)])
def test_certificate_for_another_name_or_out_of_date_is_refused(caisse, settings, certificate, name, days):
    settings.PUBLIC_SCHEME = "https"
    with _server(certificate(name, days)) as settings.PUBLIC_PORT:
        seen = looking.look_at(caisse, Address("portal.ak26.ch"), resolve=_here)
    assert seen.outcome == "certificate_refused"
    assert SEEN == []


def test_every_outcome_has_words_for_its_figures():
    from tenants.host_check.outcomes import OUTCOMES

    details = dict.fromkeys(("address", "host", "platform", "port", "reason", "status", "seconds"), "x")
    for outcome in OUTCOMES:
        told = services.tell(HostCheck(outcome=outcome, details=details))
        assert told.seen
        assert "%(" not in told.seen + told.advice


def test_addresses_are_looked_at_once_a_day_the_oldest_first(caisse, settings):
    from core.kernel import clock

    settings.PUBLIC_PORT = 1
    assert services.check_due_addresses(most=1, seconds=60) == 1
    assert services.check_due_addresses(most=9, seconds=60) == 1
    assert services.check_due_addresses(most=9, seconds=60) == 0
    with clock.travel(clock.now() + timedelta(hours=25)):
        assert services.check_due_addresses(most=9, seconds=-1) == 0
        assert services.check_due_addresses(most=9, seconds=60) == 2


def test_doctor_says_what_the_last_look_found(caisse):
    from core.kernel import clock
    from tenants.host_check.doctor import _look

    assert _look(caisse).level == "warning"
    kept = {
        "caisse_id": caisse.id,
        "host": "ak26.localhost",
        "checked_at": clock.now(),
        "details": {"address": "x", "port": 1, "reason": "x"},
    }
    for outcome, days, level in (("no_answer", None, "bad"), ("points_here", 3, "warning"), ("points_here", 99, "ok")):
        ends = clock.now() + timedelta(days=days) if days else None
        with platform_transaction():
            HostCheck.objects.all().delete()
            HostCheck.objects.create(**kept, outcome=outcome, certificate_ends_at=ends)
        assert _look(caisse).level == level
    with clock.travel(clock.now() + timedelta(days=3)):
        assert _look(caisse).level == "warning"
