#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""many_series.py - the table of a million series through the server: many_series.py PROGRAM.

The senders are build/bench/load on the same machine, so their work is in the figures.
"""
import json
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "figures"))
sys.path.insert(0, str(HERE.parent / "tests/tools"))
from program import Program  # noqa: E402
from table import Table, publish  # noqa: E402

CONNECTIONS, ITEMS, ROUNDS = 8, 500, 3
SETTLE_S = 600
SERIES_MAX = 2_000_000
SETTINGS = ((100_000, "1G"), (1_000_000, "8G"), (1_000_000, "1G"))


def status(server):
    return json.loads(server.ask("/api/v1/status"))


def until_learnt(server):
    """Status when all that is durable is learnt."""
    began = time.monotonic()
    now = status(server)
    while now["journal_position"] != now["fold_position"] and time.monotonic() - began < SETTLE_S:
        time.sleep(0.05)
        now = status(server)
    return now


def send_round(tool, server, series):
    """A sample to each; (samples a second until all is learnt, p99 ms, refused, status)."""
    address = server.address.removeprefix("http://")
    requests = series // CONNECTIONS // ITEMS or 1
    items = series // CONNECTIONS // requests
    began = time.monotonic()
    with os.popen(f"{tool} {address} samples {CONNECTIONS} {requests} {items} "
                  f"{requests * items}") as answer:
        fields = answer.read().strip().split(",")
    now = until_learnt(server)
    rate = CONNECTIONS * requests * items / (time.monotonic() - began)
    return rate, float(fields[4]), int(fields[6]), now


def count_watched(server):
    """(series, those that are watched) of all sources."""
    sources = json.loads(server.ask("/api/v1/sources"))["items"]
    return (sum(source.get("series") or 0 for source in sources),
            sum(source.get("watched") or 0 for source in sources))


def add_row(program, tool, table, series, memory):
    with Program(program, "--memory", memory, "--series-max", str(SERIES_MAX)) as server:
        rounds = [send_round(tool, server, series) for _ in range(ROUNDS)]
        time.sleep(2)
        now = status(server)
        known, watched = count_watched(server)
        notes = [note["sentence"] for note in now["notes"] if note["topic"] == "memory"]
    table.row(f"{series:,}", memory, f"{rounds[0][0] / 1e3:.0f}", f"{rounds[-1][0] / 1e3:.0f}",
              f"{max(row[1] for row in rounds):.0f}", sum(row[2] for row in rounds),
              f"{known:,}", f"{watched:,}", f"{now['resident_bytes'] / 2**20:,.0f}",
              f"{now['fold_bytes'] / 2**20:,.0f}")
    return notes


def main(program):
    tool = Path(program).resolve().parent / "bench/load"
    table = Table("many_series", "Many series through the server, a sample of each in every round",
                  ["series sent", "memory", "k/s, first round", f"k/s, round {ROUNDS}", "p99 ms",
                   "refused", "series known", "watched", "resident MiB", "learnt MiB"])
    for series, memory in SETTINGS:
        for note in add_row(program, tool, table, series, memory):
            table.note(f"{series:,} series, memory {memory}, says: {note}.")
    table.note(f"Remote write, {CONNECTIONS} connections, requests of {ITEMS} samples, each "
               "durable before the answer.  k/s: samples from the first request until all are "
               "learnt, at the next tick, which comes once a second; the first round makes the "
               "series.  memory: the setting; half of it is for what is learnt, and where it is "
               "short learning waits for the lake.  The senders run on the same cores; on a busy "
               "machine figures are worse.")
    publish("many_series", [table])


if __name__ == "__main__":
    main(sys.argv[1])
