#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""features.py - the tables of features: features.py PROGRAM [--entities N --labels N --samples N]

Facts and reads in one process, reads over HTTP beside a Redis GET of as many bytes, how soon an
event is readable, and labels joined with samples beside DuckDB's ASOF JOIN on the same data.  The
goal is 1,000,000 entities, and 1,000,000 labels with 50,000,000 samples; what was measured stands
in the table.
"""
import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "figures"))
sys.path.insert(0, str(HERE.parent / "tests/tools"))
from program import Other, Program, free_port  # noqa: E402
from table import Table, publish  # noqa: E402

FACTS, READS, ASKED, SOON = 3_000_000, 300_000, 20_000, 300
FEATURES = 20
MEMORY_MIB = 256
HTTP_ENTITIES = 10_000
KINDS = ("count", "sum", "mean", "max", "last")


def figures(tool, *words):
    done = subprocess.run([tool, *map(str, words)], stdout=subprocess.PIPE, check=True,
                          timeout=3600)
    return [float(field) for field in done.stdout.decode().split(",")]


def definitions():
    rows = ["features:"]
    for i in range(FEATURES):
        kind = KINDS[i % len(KINDS)]
        rows.append(f"  - {{name: f{i}, from: events, event: paid, entity: u, value: x, "
                    f"aggregate: {kind}, window: {5 * (i + 1)}m"
                    f"{'' if kind == 'last' else ', step: 5m'}}}")
    return "\n".join(rows) + "\n"


def in_process(tool, entities):
    table = Table("features_inside",
                  f"{FEATURES} features of each entity, in one process, one core",
                  ["entities", "facts/s", "bytes an entity", "read p50 us", "read p99 us"])
    for count in (1000, entities):
        rate, size, _ = figures(tool, "update", count, FACTS)
        p50, p99 = figures(tool, "read", count, READS)
        table.row(f"{count:,}", f"{rate:,.0f}", f"{size:,.0f}", f"{p50 / 1e3:.2f}",
                  f"{p99 / 1e3:.2f}")
    events, facts = figures(tool, "events", 200_000)
    table.note(f"Posted events through the whole fold, {FEATURES} facts each: "
               f"{events:,.0f} events/s, {facts:,.0f} facts/s.")
    return table


def post(server, events):
    server.ask("/api/v1/events/paid", json.dumps(events).encode())


def soon(server):
    """ms from sending an event to the first read that has it."""
    took = []
    for i in range(SOON):
        began = time.perf_counter()
        post(server, [{"u": "soon", "x": 1}])
        while True:
            answer = json.loads(server.ask("/api/v1/features/soon?names=f0"))
            if (answer["features"][0]["value"] or 0) > i:
                break
        took.append((time.perf_counter() - began) * 1e3)
    took.sort()
    return took[len(took) // 2], took[len(took) * 99 // 100]


def ask(tool, address, request):
    return figures(tool, "ask", address.rsplit(":", 1)[1], ASKED, request)


def redis(tool, size):
    """p50 and p99 us of a GET; None: there is no Redis here."""
    if shutil.which("redis-server") is None:
        return None
    port = free_port()
    with Other("redis-server", "--port", str(port), "--save", "", "--appendonly", "no"):
        time.sleep(1)
        value = "x" * size
        subprocess.run(["redis-cli", "-p", str(port), "SET", "u1", value], check=True,
                       stdout=subprocess.DEVNULL)
        return ask(tool, f":{port}", "*2\r\n$3\r\nGET\r\n$2\r\nu1\r\n")


def over_http(program, tool):
    table = Table("features_http", "A read over the network of this machine, one connection",
                  ["what", "bytes", "p50 us", "p99 us"])
    server = Program(program)
    (server.data / "features").mkdir(parents=True)
    (server.data / "features/all.yaml").write_text(definitions())
    with server:
        while not json.loads(server.ask("/api/v1/features"))["items"]:
            time.sleep(0.05)
        for first in range(0, HTTP_ENTITIES, 1000):
            post(server, [{"u": f"user-{i}", "x": i} for i in range(first, first + 1000)])
        server.learnt()
        for names, title in (("f0", "1 feature"), ("", f"{FEATURES} features")):
            path = "/api/v1/features/user-77" + (f"?names={names}" if names else "")
            size = len(server.ask(path))
            p50, p99 = ask(tool, server.address, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
            table.row(f"HTTP, {title}", size, f"{p50:.0f}", f"{p99:.0f}")
            found = redis(tool, size)
            table.row("Redis GET of as many bytes", size,
                      *([f"{figure:.0f}" for figure in found] if found else
                        ["no redis-server"] * 2))
        p50, p99 = soon(server)
    table.note(f"From sending an event to the first read that has it (Python's client included): "
               f"p50 {p50:.1f} ms, p99 {p99:.1f} ms.")
    return table


def joined(program, tool, labels, samples):
    table = Table("features_join", "Labels joined with the last sample before each, 1,000 entities",
                  ["how", "labels", "samples", "seconds", "peak MiB"])
    library = Path(program).resolve().parent.parent / "deps/duckdb/libduckdb.so"
    ours = figures(tool, "join", labels, samples, MEMORY_MIB)
    table.row("odd_join", f"{labels:,}", f"{samples:,}", f"{ours[0]:.1f}", f"{ours[1]:,.0f}")
    theirs = figures(tool, "asof", labels, samples, library)
    table.row("DuckDB ASOF JOIN", f"{labels:,}", f"{samples:,}", f"{theirs[0]:.1f}",
              f"{theirs[1]:,.0f}")
    same = ours[2:] == theirs[2:]
    table.note(f"Both find {'the same' if same else 'OTHER'} values. odd_join is given each sample "
               f"as a fact, sorts them with {MEMORY_MIB} MiB, and more on disk; DuckDB's table is "
               f"in memory before its seconds begin. One thread each.")
    return table


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--entities", type=int, default=100_000)
    parser.add_argument("--labels", type=int, default=100_000)
    parser.add_argument("--samples", type=int, default=10_000_000)
    options = parser.parse_args()
    tool = str(Path(options.program).resolve().parent / "bench/features_speed")
    publish("features", [in_process(tool, options.entities), over_http(options.program, tool),
                         joined(options.program, tool, options.labels, options.samples)])


if __name__ == "__main__":
    main()
