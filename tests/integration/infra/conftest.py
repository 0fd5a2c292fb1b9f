"""A receiver of OTLP on loopback, as a collector would be."""

from __future__ import annotations

import gzip
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

_KINDS = {
    "/v1/traces": ExportTraceServiceRequest,
    "/v1/metrics": ExportMetricsServiceRequest,
    "/v1/logs": ExportLogsServiceRequest,
}


@dataclass
class Receiver:
    """Keeps what was sent, as bytes and parsed."""

    port: int = 0
    connections: int = 0
    received: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def bytes(self):
        return b"".join(body for _path, body in list(self.received))

    def _all(self, path):
        return [_KINDS[path].FromString(body) for at, body in list(self.received) if at == path]

    def spans(self):
        """Each span as name and attributes."""
        for request in self._all("/v1/traces"):
            for resource in request.resource_spans:
                for span in (span for scope in resource.scope_spans for span in scope.spans):
                    yield span.name, _plain(span.attributes)

    def logs(self):
        """Each line as body and attributes."""
        for request in self._all("/v1/logs"):
            for resource in request.resource_logs:
                for record in (record for scope in resource.scope_logs for record in scope.log_records):
                    yield record.body.string_value, _plain(record.attributes)

    def points(self):
        """Each measurement as name and attributes."""
        for request in self._all("/v1/metrics"):
            for resource in request.resource_metrics:
                for metric in (metric for scope in resource.scope_metrics for metric in scope.metrics):
                    for point in metric.histogram.data_points:
                        yield metric.name, _plain(point.attributes)

    def wait_for(self, condition, *, seconds=300):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "what was expected did not arrive"
            time.sleep(0.1)


def _plain(attributes):
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


@pytest.fixture
def receiver():
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def setup(self):
            kept.connections += 1
            super().setup()

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.received.append((self.path, gzip.decompress(body) if self.headers["Content-Encoding"] else body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join(10)
