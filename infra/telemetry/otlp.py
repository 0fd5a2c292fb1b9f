"""OpenTelemetry's exporters, started only when an endpoint is set."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from opentelemetry import metrics, trace
from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from core.kernel import telemetry
from infra.telemetry import logs

if TYPE_CHECKING:
    from opentelemetry.context import Context

# A collector that is gone must not keep a process that ends: it tries each of the three in turn for so long.
GIVE_UP_SECONDS = 3
_EXPORTERS = ("opentelemetry", "urllib3", "requests")
_NAMES = {"caisse": telemetry.CAISSE, "request": telemetry.REQUEST}
_SEVERITIES = {
    logging.DEBUG: SeverityNumber.DEBUG,
    logging.INFO: SeverityNumber.INFO,
    logging.WARNING: SeverityNumber.WARN,
    logging.ERROR: SeverityNumber.ERROR,
    logging.CRITICAL: SeverityNumber.FATAL,
}


class CaisseOnSpans(SpanProcessor):
    """Puts the current caisse and request on every span, also on those that libraries open."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Add what is known when the span begins."""
        del parent_context
        if caisse := telemetry.caisse_id.get():
            span.set_attribute(telemetry.CAISSE, caisse)
        if request := telemetry.request_id.get():
            span.set_attribute(telemetry.REQUEST, request)

    def on_end(self, span: ReadableSpan) -> None:
        """Nothing to add at the end."""


class RecordsToOtlp(logging.Handler):
    """Sends each line as it stands on standard error: its text as body, the rest as attributes."""

    def __init__(self, provider: LoggerProvider) -> None:
        super().__init__()
        self._logger = provider.get_logger("relais")
        self.setFormatter(logs.make_formatter())

    def filter(self, record: logging.LogRecord) -> bool:
        """Leave out what the exporters say of themselves: they would never come to an end."""
        return not record.name.startswith(_EXPORTERS) and super().filter(record) is not False

    def emit(self, record: logging.LogRecord) -> None:
        """Hand the line to the provider, with the severity that OTLP knows."""
        try:
            line = json.loads(self.format(record))
            body = str(line.pop("event", ""))
            attributes = {_NAMES.get(key, key): value for key, value in line.items() if _is_plain(value)}
            self._logger.emit(
                timestamp=int(record.created * 1e9),
                severity_text=record.levelname,
                severity_number=_SEVERITIES.get(record.levelno, SeverityNumber.INFO),
                body=body,
                attributes=attributes,
            )
        except Exception:  # noqa: BLE001 -- a line that cannot leave must not stop what it tells of
            self.handleError(record)


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool)


def start(endpoint: str, *, service: str, version: str) -> None:
    """Send traces, metrics and logs to ``endpoint`` (OTLP over HTTP, such as http://127.0.0.1:4318).

    How often is told by OpenTelemetry's own variables, such as ``OTEL_METRIC_EXPORT_INTERVAL``.
    """
    base = endpoint.rstrip("/")
    resource = Resource.create({"service.name": service, "service.version": version})
    traces = TracerProvider(resource=resource)
    traces.add_span_processor(CaisseOnSpans())
    traces.add_span_processor(
        BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{base}/v1/traces", timeout=GIVE_UP_SECONDS))
    )
    trace.set_tracer_provider(traces)
    reader = PeriodicExportingMetricReader(OTLPMetricExporter(endpoint=f"{base}/v1/metrics", timeout=GIVE_UP_SECONDS))
    metrics.set_meter_provider(MeterProvider(resource=resource, metric_readers=[reader]))
    records = LoggerProvider(resource=resource)
    records.add_log_record_processor(
        BatchLogRecordProcessor(OTLPLogExporter(endpoint=f"{base}/v1/logs", timeout=GIVE_UP_SECONDS))
    )
    logging.getLogger().addHandler(RecordsToOtlp(records))
