#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""otlp_requests.py - writes tests/lib/event/otlp_requests.h: OTLP requests, in both forms, as the
reference implementation encodes them.

    pip install opentelemetry-proto && python3 tests/tools/otlp_requests.py

By hand, when a request is added: the tests read the header and need no package.  The same bytes
become files of the corpora in tests/fuzz/corpus/.
"""
import base64
import json
import math
from pathlib import Path

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList

ROOT = Path(__file__).resolve().parent.parent.parent
TIME = 1795464942123456789
TRACE, SPAN = bytes(range(16)), bytes(range(0xf0, 0xf8))


def any_value(value):
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    if isinstance(value, bytes):
        return AnyValue(bytes_value=value)
    if isinstance(value, list):
        return AnyValue(array_value=ArrayValue(values=[any_value(item) for item in value]))
    if isinstance(value, dict):
        return AnyValue(kvlist_value=KeyValueList(values=attributes(value)))
    return AnyValue() if value is None else AnyValue(string_value=value)


def attributes(pairs):
    return [KeyValue(key=key, value=any_value(value)) for key, value in pairs.items()]


def logs():
    request = ExportLogsServiceRequest()
    group = request.resource_logs.add()
    group.resource.attributes.extend(attributes({
        "service.name": "shop", "host.name": "web-1", "replicas": 3}))
    group.schema_url = "https://opentelemetry.io/schemas/1.30.0"
    scope = group.scope_logs.add()
    scope.scope.name, scope.scope.version = "cart", "1.2"
    record = scope.log_records.add(
        time_unix_nano=TIME, observed_time_unix_nano=TIME + 1, severity_number=17,
        severity_text="ERROR", trace_id=TRACE, span_id=SPAN, flags=1, dropped_attributes_count=2)
    record.body.CopyFrom(any_value("payment \"declined\"\nüß€"))
    record.attributes.extend(attributes({
        "http.status": 502, "ok": False, "ratio": 0.1, "nothing": None,
        "raw": b"\x00\xff", "far": 2**53 + 1, "odd": float("nan")}))
    record = scope.log_records.add(observed_time_unix_nano=TIME + 2, severity_text="Warning",
                                   event_name="cart.emptied")
    record.body.CopyFrom(any_value({"list": [1, "two", [], {"deep": -1.5}], "b": b"abc"}))
    scope.log_records.add(severity_number=9, severity_text="Notice", event_name="started")
    group = request.resource_logs.add()
    group.resource.attributes.extend(attributes({"host.name": "db-1"}))
    record = group.scope_logs.add().log_records.add(severity_number=24)
    record.body.CopyFrom(any_value(-7))
    request.resource_logs.add().scope_logs.add().log_records.add()
    return request


def histogram(metric, low):
    point = metric.histogram.data_points.add(
        time_unix_nano=TIME, count=6, sum=10.5, min=low, max=9.0, bucket_counts=[1, 2, 3],
        explicit_bounds=[0.25, 5.0])
    point.attributes.extend(attributes({"route": "/a\"b"}))
    metric.histogram.data_points.add(time_unix_nano=TIME, count=4)
    metric.histogram.data_points.add(time_unix_nano=TIME, count=4, bucket_counts=[4])
    metric.histogram.data_points.add(time_unix_nano=TIME, count=3, bucket_counts=[1, 2],
                                     explicit_bounds=[1.0, 2.0])
    metric.histogram.data_points.add(time_unix_nano=TIME, count=3, bucket_counts=[1, 1, 1],
                                     explicit_bounds=[2.0, 1.0])


def metrics():
    request = ExportMetricsServiceRequest()
    group = request.resource_metrics.add()
    group.resource.attributes.extend(attributes({
        "service.name": "shop", "service.instance.id": "i-1", "host.name": "web-1", "zone": "b"}))
    scope = group.scope_metrics.add()
    scope.scope.name = "runtime"
    metric = scope.metrics.add(name="process.cpu.utilization", unit="1", description="of it")
    point = metric.gauge.data_points.add(time_unix_nano=TIME, as_double=0.25)
    point.attributes.extend(attributes({
        "cpu.mode": "user", "core": 3, "on": True, "list": [1, "x"]}))
    metric.gauge.data_points.add(time_unix_nano=TIME, flags=1)
    metric.gauge.data_points.add(time_unix_nano=TIME)
    metric.gauge.data_points.add(as_double=1.0)
    metric = scope.metrics.add(name="requests")
    metric.sum.aggregation_temporality, metric.sum.is_monotonic = 2, True
    metric.sum.data_points.add(time_unix_nano=TIME, start_time_unix_nano=1, as_int=-5)
    point = metric.sum.data_points.add(time_unix_nano=TIME, as_int=7)
    point.attributes.extend(attributes({"service_name": "other"}))
    scope.metrics.add().gauge.data_points.add(time_unix_nano=TIME, as_double=1.0)
    histogram(scope.metrics.add(name="seconds"), 0.125)
    metric = scope.metrics.add(name="bytes")
    point = metric.exponential_histogram.data_points.add(
        time_unix_nano=TIME, count=9, sum=3.5, scale=2, zero_count=1, max=2.0)
    point.positive.bucket_counts.extend([3, 5])
    metric = scope.metrics.add(name="lag")
    point = metric.summary.data_points.add(time_unix_nano=TIME, count=2, sum=math.inf)
    point.quantile_values.add(quantile=0.5, value=1.5)
    point.quantile_values.add(quantile=1.0, value=2.5)
    point.attributes.extend(attributes({"topic": "t"}))
    return request


def traces():
    request = ExportTraceServiceRequest()
    scope = request.resource_spans.add().scope_spans.add()
    for name in "GET", "POST":
        scope.spans.add(trace_id=TRACE, span_id=SPAN, name=name, kind=2,
                        start_time_unix_nano=TIME, end_time_unix_nano=TIME + 1)
    return request


def hexadecimal_ids(node):
    """OTLP's deviation from Protocol Buffers' JSON."""
    if isinstance(node, list):
        return [hexadecimal_ids(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {name: base64.b64decode(value).hex() if name in ("traceId", "spanId")
            else hexadecimal_ids(value) for name, value in node.items()}


def rows(text):
    """A literal of C in pieces, none of which ends inside an escape."""
    escaped = ["\\" + character if character in '"\\' else
               character if character.isprintable() and character.isascii() else
               "".join(f"\\{byte:03o}" for byte in character.encode()) for character in text]
    lines = [""]
    for piece in escaped:
        if len(lines[-1]) + len(piece) > 92:
            lines.append("")
        lines[-1] += piece
    return "\n".join(f'    "{line}"' for line in lines)


def main():
    header = ["/* SPDX-License-Identifier: Apache-2.0", " *",
              " * otlp_requests.h - requests as the reference implementation encodes them.", " *",
              " * Written by tests/tools/otlp_requests.py with opentelemetry-proto 1.45.2:",
              " * protobuf in hexadecimal, and the same in JSON. */",
              "#ifndef TESTS_OTLP_REQUESTS_H", "#define TESTS_OTLP_REQUESTS_H", ""]
    for name, request in (("logs", logs()), ("metrics", metrics()), ("traces", traces())):
        binary = request.SerializeToString(deterministic=True)
        tree = MessageToDict(request, use_integers_for_enums=True)
        text = json.dumps(hexadecimal_ids(tree), ensure_ascii=False, separators=(",", ":"))
        header += [f"static const char otlp_{name}_hex[] =", rows(binary.hex()) + ";", "",
                   f"static const char otlp_{name}_text[] =", rows(text) + ";", ""]
        for folder, content in ((f"otlp_{name}", binary), ("otlp_json", b"lmt"[
                ("logs", "metrics", "traces").index(name):][:1] + text.encode())):
            path = ROOT / "tests/fuzz/corpus" / folder
            path.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
    header += ["#endif"]
    (ROOT / "tests/lib/event/otlp_requests.h").write_text("\n".join(header) + "\n")


if __name__ == "__main__":
    main()
