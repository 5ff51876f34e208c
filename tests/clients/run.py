#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - libraries of other people send to a server, and what arrived is counted.

    run.py SERVER     the test server of tests/bin/http

The libraries are those of package-lock.json; tools/deps fetches them.  Without them, or without
node, the tests are skipped.
"""
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))
sys.path.insert(0, str(HERE.parent / "bin/http"))
from client import Server  # noqa: E402
from report import Report  # noqa: E402

# Sentence; script and kind; listener (0 HTTP, 1 gRPC); what it must add to the counts.  (winston's
# Loki transport says nothing of what it loses, so nothing is asked of it then.)
CLIENTS = (
    ("opentelemetry_in_json", ("otel.mjs", "http"), 0, {"records": 250, "samples": 22,
                                                         "grpc_records": 0}),
    ("opentelemetry_in_protobuf", ("otel.mjs", "proto"), 0, {"records": 250, "samples": 22}),
    ("opentelemetry_over_grpc", ("otel.mjs", "grpc"), 1, {"records": 250, "samples": 22,
                                                         "grpc_records": 253}),
    ("elasticsearch_bulk", ("elasticsearch.mjs",), 0, {"records": 1000}),
    ("loki_in_json", ("loki.mjs", "json"), 0, {"records": 200}),
    ("loki_in_protobuf", ("loki.mjs", "protobuf"), 0, {"records": 200}),
)


def run(server, words, port):
    script = [str(HERE / words[0]), *words[1:], f"http://127.0.0.1:{server.ports[port]}"]
    return subprocess.run(["node", *script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120)


def check(report, server, name, words, port, wanted):
    before = server.counts()
    done = run(server, words, port)
    after = server.counts()
    added = {what: after[what] - before[what] for what in wanted}
    report.check(f"{name}_arrives", done.returncode == 0 and added == wanted,
                 f"{added}\n{done.stdout.decode(errors='replace')[-2000:]}")
    server.post("/test/intake?status=2", b"")
    done = run(server, words, port)
    server.post("/test/intake?status=0", b"")
    refused = server.counts()
    told = done.returncode != 0 or words[0] == "loki.mjs"
    report.check(f"{name}_is_told_when_nothing_was_stored", told and
                 all(refused[what] == after[what] for what in wanted),
                 done.stdout.decode(errors="replace")[-2000:])


def main():
    report = Report()
    lack = "no node" if shutil.which("node") is None else \
        "no libraries" if not (HERE / "node_modules").is_dir() else None
    if lack is not None:
        report.skip("clients_of_other_people_arrive", lack)
        report.finish()
    with Server(str(Path(sys.argv[1]).resolve()), "--grpc", "127.0.0.1:0") as server:
        for client in CLIENTS:
            check(report, server, *client)
    report.finish()


if __name__ == "__main__":
    main()
