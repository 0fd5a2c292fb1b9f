"""OpenTelemetry's exporters, started only when an endpoint is set."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from opentelemetry import metrics, trace
from opentelemetry._logs import set_logger_provider
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from core.kernel import telemetry

if TYPE_CHECKING:
    from opentelemetry.context import Context


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


class CaisseOnRecords(logging.Filter):
    """Puts caisse and request on the records that leave as OTLP logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the context; never drops a record."""
        setattr(record, telemetry.CAISSE, telemetry.caisse_id.get())
        setattr(record, telemetry.REQUEST, telemetry.request_id.get())
        return True


def start(endpoint: str, *, service: str, version: str) -> None:
    """Send traces, metrics and logs to ``endpoint`` (OTLP over HTTP, such as http://127.0.0.1:4318)."""
    base = endpoint.rstrip("/")
    resource = Resource.create({"service.name": service, "service.version": version})
    traces = TracerProvider(resource=resource)
    traces.add_span_processor(CaisseOnSpans())
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{base}/v1/traces")))
    trace.set_tracer_provider(traces)
    reader = PeriodicExportingMetricReader(
        OTLPMetricExporter(endpoint=f"{base}/v1/metrics"), export_interval_millis=10_000
    )
    metrics.set_meter_provider(MeterProvider(resource=resource, metric_readers=[reader]))
    _start_logs(base, resource)


def _start_logs(base: str, resource: Resource) -> None:
    provider = LoggerProvider(resource=resource)
    provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(endpoint=f"{base}/v1/logs")))
    set_logger_provider(provider)
    handler = LoggingHandler(logger_provider=provider)
    handler.addFilter(CaisseOnRecords())
    logging.getLogger().addHandler(handler)
