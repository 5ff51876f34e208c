#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""formats.py - each way of sending data over HTTP: what it takes, what it answers, what it counts.

    formats.py SERVER
"""
import gzip
import json
import struct
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))
sys.path.insert(0, str(HERE))
from client import Server, read_answer  # noqa: E402
from report import Report  # noqa: E402

PROGRAM = str(Path(sys.argv[1]).resolve())


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def fixed(number, data):
    return varint(number << 3 | 1) + data


def snappy(data):
    """A block of literals: nothing is found twice, everything is valid."""
    out = varint(len(data))
    for at in range(0, len(data), 60):
        piece = data[at:at + 60]
        out += bytes([(len(piece) - 1) << 2]) + piece
    return out


class Added:
    """What a request adds to the counts of the server."""

    def __init__(self, server):
        self.server, self.before = server, server.counts()

    def __call__(self, what):
        return self.server.counts()[what] - self.before[what]


def otlp_logs(count):
    record = fixed(1, struct.pack("<Q", 1764238000000000000)) + field(5, field(1, b"it happened"))
    resource = field(1, field(1, b"service.name") + field(2, field(1, b"shop")))
    return field(1, field(1, resource) + field(2, field(2, record) * count))


def check_otlp(report, server):
    proto, js = "Content-Type: application/x-protobuf\n", "Content-Type: application/json\n"
    added = Added(server)
    answer = server.post("/v1/logs", otlp_logs(7), proto)
    report.check("otlp_protobuf_is_answered_in_protobuf", answer.status == 200 and
                 answer.headers["content-type"] == "application/x-protobuf" and
                 answer.body == b"" and added("records") == 7, answer)
    packed = gzip.compress(otlp_logs(3))
    answer = server.post("/v1/logs", packed, proto + "Content-Encoding: gzip\n")
    report.check("otlp_in_gzip_is_taken", answer.status == 200 and added("records") == 10, answer)
    answer = server.post("/otlp/v1/logs", otlp_logs(1), proto)
    report.check("otlp_below_otlp_is_taken",
                 answer.status == 200 and added("records") == 11, answer)
    text = json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": [
        {"timeUnixNano": "1764238000000000000", "body": {"stringValue": "a"}}]}]}]}).encode()
    answer = server.post("/v1/logs", text, js)
    report.check("otlp_json_is_answered_in_json", answer.status == 200 and answer.json() == {} and
                 answer.headers["content-type"] == "application/json", answer)
    for name, header, body in (("protobuf", proto, otlp_logs(2)[:-4]), ("json", js, text[:-3])):
        answer = server.post("/v1/logs", body, header)
        report.check(f"torn_{name}_is_400_in_{name}", answer.status == 400 and
                     (name != "json" or answer.json()["code"] == 3) and
                     name in answer.headers["content-type"], answer)
    report.check("an_empty_request_is_200", server.post("/v1/traces", b"", proto).status == 200)
    answer = server.post("/v1/logs", b"a", "Content-Type: text/plain\n")
    report.check("another_type_is_415", answer.status == 415, answer)
    server.post("/test/intake?status=2", b"")
    answer = server.post("/v1/logs", text, js)
    report.check("a_full_server_is_429_with_a_status", answer.status == 429 and
                 answer.json()["code"] == 14 and answer.headers["retry-after"] == "3", answer)
    server.post("/test/intake?status=0", b"")


def check_prometheus(report, server):
    label = field(1, b"__name__") + field(2, b"up")
    sample = fixed(1, struct.pack("<d", 1.0)) + b"\x10" + varint(1764238000000)
    body = snappy(field(1, field(1, label) + field(2, sample) * 2))
    header = "Content-Type: application/x-protobuf\nContent-Encoding: snappy\n"
    added = Added(server)
    answer = server.post("/api/v1/write", body, header)
    report.check("remote_write_is_204", answer.status == 204 and added("samples") == 2, answer)
    symbols = field(4, b"") + field(4, b"__name__") + field(4, b"up")
    body_2 = snappy(symbols + field(5, field(1, b"\x01\x02") + field(2, sample)))
    header_2 = header.replace("protobuf", "protobuf;proto=io.prometheus.write.v2.Request")
    answer = server.post("/api/v1/write", body_2, header_2)
    report.check("remote_write_2_says_what_was_written", answer.status == 204 and
                 answer.headers.get("x-prometheus-remote-write-samples-written") == "1" and
                 added("samples") == 3, answer)
    for name, wrong, what in (("another_type", header.replace("x-protobuf", "json"), body),
                              ("another_message",
                               header.replace("protobuf", "protobuf;proto=a.B"), body),
                              ("gzip", header.replace("snappy", "gzip"), gzip.compress(body))):
        answer = server.post("/api/v1/write", what, wrong)
        report.check(f"{name}_is_415", answer.status == 415, answer)
    answer = server.post("/api/v1/write", b"\xff\xff\xff\xff\x0fabc", header)
    report.check("a_block_that_lies_is_400", answer.status == 400, answer)
    answer = server.post("/api/v1/write", body_2, header)
    report.check("2_sent_as_1_is_no_success", answer.status == 400, answer)


def check_loki(report, server):
    added = Added(server)
    text = json.dumps({"streams": [{"stream": {"app": "shop"},
                                    "values": [["1764238000000000000", "one"],
                                               ["1764238000000000001", "two", {"a": "b"}]]}]})
    answer = server.post("/loki/api/v1/push", text.encode(), "Content-Type: application/json\n")
    report.check("loki_json_is_204", answer.status == 204 and added("records") == 2, answer)
    stamp = b"\x08" + varint(1764238000)
    entry = field(1, stamp) + field(2, b"three")
    body = snappy(field(1, field(1, b'{app="shop"}') + field(2, entry)))
    answer = server.post("/loki/api/v1/push", body, "Content-Type: application/x-protobuf\n")
    report.check("loki_protobuf_is_204", answer.status == 204 and added("records") == 3, answer)
    answer = server.post("/loki/api/v1/push", b"{", "Content-Type: application/json\n")
    report.check("torn_loki_is_400_in_plain_text", answer.status == 400 and
                 answer.headers["content-type"].startswith("text/plain"), answer)
    report.check("loki_is_ready", server.get("/ready").body == b"ready\n")


def check_elasticsearch(report, server):
    added = Added(server)
    lines = [{"create": {"_index": "logs"}}, {"@timestamp": "2026-11-27T10:00:00Z", "message": "a"},
             {"index": {"_index": "logs"}}, {"message": "b"},
             {"delete": {"_index": "logs", "_id": "1"}}]
    body = "".join(json.dumps(line) + "\n" for line in lines).encode()
    answer = server.post("/_bulk", body, "Content-Type: application/x-ndjson\n")
    items = answer.json()["items"]
    report.check("a_bulk_has_an_item_for_each", answer.status == 200 and
                 [list(item)[0] for item in items] == ["create", "index", "delete"] and
                 items[0]["create"]["status"] == 201 and answer.json()["errors"] is True and
                 items[2]["delete"]["status"] >= 400 and added("records") == 2, answer)
    answer = server.post("/logs-web/_bulk", b'{"create":{}}\n{"message":"c"}\n')
    report.check("an_index_may_be_in_the_address", answer.status == 200 and
                 added("records") == 3 and answer.json()["errors"] is False, answer)
    for path in ("/", "/_license", "/_xpack", "/_cluster/health", "/_nodes/http",
                 "/_ilm/policy/filebeat", "/_index_template/logs", "/_ingest/pipeline/a"):
        answer = server.get(path)
        report.check(f"{path}_is_answered", answer.status == 200 and
                     answer.headers["x-elastic-product"] == "Elasticsearch" and
                     isinstance(answer.json(), dict), answer)
    report.check("the_version_is_said", server.get("/").json()["version"]["number"][0] == "8")
    head = "PUT /_index_template/logs HTTP/1.1\nHost: localhost\nContent-Length: 2\n\n"
    answer = server.ask(head, b"{}")
    report.check("what_is_set_up_is_acknowledged", answer.json() == {"acknowledged": True}, answer)
    answer = server.post("/_bulk", b"no json\n")
    report.check("no_bulk_is_an_error_of_its_form", answer.status == 400 and
                 answer.json()["status"] == 400 and
                 answer.headers["x-elastic-product"] == "Elasticsearch", answer)
    server.post("/test/intake?status=2", b"")
    answer = server.post("/_bulk", body)
    report.check("a_full_one_is_429_in_its_form", answer.status == 429 and
                 answer.json()["error"]["type"] == "es_rejected_execution_exception", answer)
    server.post("/test/intake?status=0", b"")


def entries(count, size=20):
    return b"".join(b"__REALTIME_TIMESTAMP=%d\nPRIORITY=6\n_SYSTEMD_UNIT=a.service\n"
                    b"MESSAGE=%s\n\n" % (1764238000000000 + i, b"m" * size) for i in range(count))


def check_journal(report, server):
    head = "POST /upload HTTP/1.1\nHost: localhost\nContent-Type: application/vnd.fdo.journal\n" \
           "Transfer-Encoding: chunked\n\n"
    added = Added(server)
    with server.connect() as connection:
        connection.sendall(head.replace("\n", "\r\n").encode())
        first = entries(10)
        connection.sendall(b"%x\r\n%s\r\n" % (len(first) - 5, first[:-5]))
        for _ in range(100):
            if added("records") == 9:
                break
            time.sleep(0.02)
        report.check("entries_are_committed_while_more_come", added("records") == 9)
        rest = first[-5:] + entries(100000)  # 8 MB: more than waits behind one commit.
        server.post("/test/intake?status=0&ms=20", b"")
        for at in range(0, len(rest), 50000):
            piece = rest[at:at + 50000]
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        connection.sendall(b"0\r\n\r\n")
        answer = read_answer(connection.makefile("rb"))
        server.post("/test/intake?status=0", b"")
    report.check("all_is_durable_at_the_answer", answer.status == 200 and
                 added("records") == 100010, f"{answer} {added('records')}")
    server.post("/test/intake?status=3", b"")
    answer = server.post("/upload", entries(10))
    server.post("/test/intake?status=0", b"")
    report.check("what_is_not_stored_is_503", answer.status == 503 and
                 "retry-after" in answer.headers, answer)
    answer = server.post("/upload", b"\x00\x01\x02" * 1000)
    report.check("no_journal_is_400", answer.status == 400, answer)
    report.check("an_empty_journal_is_200", server.post("/upload", b"").status == 200)
    with server.connect() as connection:  # Whoever leaves in the middle hurts nobody.
        server.post("/test/intake?status=0&ms=200", b"")
        connection.sendall(head.replace("\n", "\r\n").encode() + b"%x\r\n%s" % (10 ** 6, first))
        time.sleep(0.05)
    time.sleep(0.4)
    server.post("/test/intake?status=0&ms=0", b"")
    report.check("then_another_may_come", server.post("/upload", entries(1)).status == 200)


def check_changes(report, server):
    added = Added(server)
    answer = server.post("/api/v1/changes", b'{"what":"deploy","time":"2026-11-27T10:00:00Z"}')
    report.check("a_change_is_kept",
                 answer.json()["changes"] == 1 and added("changes") == 1, answer)
    for name, body in (("no_json", b"deploy"), ("a_list", b"[1]"), ("nothing", b""),
                       ("a_time_that_is_none", b'{"time":"yesterday"}')):
        answer = server.post("/api/v1/changes", body)
        report.check(f"{name}_is_no_change", answer.status == 400 and added("changes") == 1, answer)


def check_alerts(report, server):
    one = b'{"labels":{"alertname":"Slow"}}'
    for path, body in (("/api/v2/alerts", b"[%s]" % one),
                       ("/api/v1/alerts", b'{"alerts":[%s]}' % one)):
        answer = server.post(path, body)
        report.check(f"{path}_answers_with_nothing", answer.status == 200 and not answer.body,
                     answer)
    for name, body in (("no_json", b"firing"), ("an_object_without_them", b"{}")):
        answer = server.post("/api/v2/alerts", body)
        report.check(f"{name}_is_no_alert", answer.status == 400, answer)


def check_tallies(report, server):
    """What the checks before have sent is counted by format."""
    text = server.get("/metrics").body.decode()
    counts = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    for name, wanted in (('requests_total{format="loki"}', 1), ('events_total{format="loki"}', 1),
                         ('malformed_total{format="loki_json"}', 1),
                         ('rejected_total{format="bulk"}', 2),
                         ('malformed_total{format="change"}', 4),
                         ('malformed_total{format="alert"}', 2),
                         ('events_total{format="otlp_logs"}', 11)):
        got = counts.get(f"oddball_received_{name}")
        report.check(f"{name}_is_{wanted}", got is not None and float(got) == wanted, got)


def main():
    report = Report()
    with Server(PROGRAM) as server:
        for check in (check_otlp, check_prometheus, check_loki, check_elasticsearch, check_journal,
                      check_changes, check_alerts, check_tallies):
            check(report, server)
    report.finish()


if __name__ == "__main__":
    main()
