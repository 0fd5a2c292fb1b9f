"""Traces, metrics and logs: sent by OTLP when an endpoint is set, silent otherwise."""
