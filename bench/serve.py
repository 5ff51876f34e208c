#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""serve.py - the table of the server under load: serve.py PROGRAM.

The senders are build/bench/load on the same machine, so their work is in the figures.
"""
import json
import os
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "figures"))
sys.path.insert(0, str(HERE.parent / "tests/tools"))
from program import Program  # noqa: E402
from table import Table, publish  # noqa: E402

CONNECTIONS, REQUESTS, ITEMS = 8, 250, 1000
SERIES, PATTERNS = 10_000, 1_000
SETTLE_S = 120


def load(tool, address, kind, requests=REQUESTS):
    """(rate, p50 ms, p99 ms, refused) of one kind of request."""
    with os.popen(f"{tool} {address} {kind} {CONNECTIONS} {requests} {ITEMS}") as answer:
        fields = answer.read().strip().split(",")
    return float(fields[2]), float(fields[3]), float(fields[4]), int(fields[6])


def status(server):
    return json.loads(server.ask("/api/v1/status"))


def until_learnt(server):
    """Seconds until all that is durable is learnt."""
    began = time.monotonic()
    while time.monotonic() - began < SETTLE_S:
        now = status(server)
        if now["journal_position"] == now["fold_position"]:
            break
        time.sleep(0.05)
    return time.monotonic() - began


def fsync_baseline():
    """Lines a second of a program that appends the same requests to one file, synced one by one."""
    block = b"2026-11-27T12:00:00Z INFO " + b"x" * 88 + b"\n"
    request = block * ITEMS
    with tempfile.NamedTemporaryFile(dir=".") as file:
        began = time.monotonic()
        count = 200
        for _ in range(count):
            os.write(file.fileno(), request)
            os.fsync(file.fileno())
        return count * ITEMS / (time.monotonic() - began)


def ingest_rows(program, tool, table):
    with Program(program) as server:
        address = server.address.removeprefix("http://")
        for kind, what in (("otlp", "log records, OTLP/HTTP protobuf"),
                           ("lines", "lines, POST /ingest"),
                           ("samples", "samples, remote write")):
            rate, p50, p99, refused = load(tool, address, kind)
            settled = until_learnt(server)
            table.row(what, f"{rate / 1e3:.0f}", f"{p50:.1f}", f"{p99:.1f}", refused,
                      f"{settled:.1f}", f"{status(server)['resident_bytes'] / 2**20:.0f}")
    table.row("baseline: append and fsync each request, one sender",
              f"{fsync_baseline() / 1e3:.0f}", None, None, None, None, None)


def small_house(server):
    """10 k series and 1 k patterns."""
    words = [f"{a}{b}" for a in "bcdfghklmnprst" for b in "aeiou"]
    for part in range(10):
        lines = []
        for n in range(part * PATTERNS // 10, (part + 1) * PATTERNS // 10):
            kind = f"{words[n % 70]}{words[n // 70 % 70]}"
            lines += [f"2026-11-27T12:00:{i:02}Z INFO {kind} unit handled request {n * i} in {i} ms"
                      for i in range(20)]
        server.ask("/ingest?source=app.log", ("\n".join(lines) + "\n").encode())


def memory_rows(program, tool, table):
    with Program(program) as server:
        small_house(server)
        load(tool, server.address.removeprefix("http://"), "samples", 10)
        until_learnt(server)
        time.sleep(2)
        now = status(server)
        table.row(f"resident, 16,000 series and {PATTERNS:,} patterns, MiB",
                  f"{now['resident_bytes'] / 2**20:.0f}")
        table.row("of it learnt, MiB", f"{now['fold_bytes'] / 2**20:.1f}")


def restart_rows(program, tool, table):
    """Killed the moment the last request is acknowledged, while most of them are still to learn."""
    with Program(program) as server:
        load(tool, server.address.removeprefix("http://"), "lines", 1100)
        now = status(server)
        size = sum(path.stat().st_size for path in server.data.glob("journal-*"))
        server.kill()
        began = time.monotonic()
        server.start()
        ready = time.monotonic() - began
        learnt = ready + until_learnt(server)
        table.row("journal behind kill -9, MiB on disk (1 GB of lines)", f"{size / 2**20:.0f}")
        table.row("of it learnt when killed, %",
                  f"{100 * now['fold_position'] / now['journal_position']:.0f}")
        table.row("seconds until it takes data again", f"{ready:.2f}")
        table.row("seconds until all is learnt again", f"{learnt:.2f}")


def main(program):
    tool = Path(program).resolve().parent / "bench/load"
    rates = Table("serve", "The server under load, everything durable before the answer",
                  ["what", "k/s", "p50 ms", "p99 ms", "refused", "learnt after s", "resident MiB"])
    ingest_rows(program, tool, rates)
    rates.note(f"{CONNECTIONS} connections, each with one request of {ITEMS} items at a time; the "
               "senders run on the same cores.  p50 and p99 are of the acknowledgement.")
    house = Table("house", "Memory and restart", ["what", "figure"])
    memory_rows(program, tool, house)
    restart_rows(program, tool, house)
    publish("serve", [rates, house])


if __name__ == "__main__":
    main(sys.argv[1])
