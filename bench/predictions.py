#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""predictions.py - the table of predictions of models through the server: predictions.py PROGRAM.

The senders are threads of this script on the same machine, so their work is in the figures.
"""
import http.client
import json
import random
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "figures"))
sys.path.insert(0, str(HERE.parent / "tests/tools"))
import prediction_batch as rows  # noqa: E402
from program import Program  # noqa: E402
from table import Table, publish  # noqa: E402

COLUMNS, ROWS, SENDERS, SECONDS = 50, 5000, 2, 8
SETTLE_S = 120


def in_a_batch(number, form):
    rng = random.Random(number)
    columns = [(rows.ID, "id", rows.texts([f"{number}-{i}" for i in range(ROWS)]))]
    columns += [(rows.FEATURE, f"f{c}", form([rng.gauss(0, 1) for _ in range(ROWS)]))
                for c in range(COLUMNS)]
    columns.append((rows.PROBABILITY, "p", form([rng.random() for _ in range(ROWS)])))
    return rows.TYPE, rows.batch(rows.PREDICTIONS, f"m{number % SENDERS}", "1", ROWS, columns)


def in_json(number, count):
    rng = random.Random(number)
    lines = [json.dumps({"model": f"m{number % SENDERS}", "version": "1", "id": f"{number}-{i}",
                         "features": {f"f{c}": round(rng.gauss(0, 1), 5) for c in range(COLUMNS)},
                         "probability": round(rng.random(), 4)}) for i in range(count)]
    return "application/json", "\n".join(lines).encode()


def send(server, bodies, rows_of_each):
    """Rows a second that were acknowledged, and the time that it took."""
    host = server.address.split("//")[1]
    counts, until = [0] * SENDERS, time.monotonic() + SECONDS

    def run(sender):
        peer, number = http.client.HTTPConnection(host, timeout=60), 0
        while time.monotonic() < until:
            kind, body = bodies[sender + SENDERS * (number % 2)]
            peer.request("POST", "/api/v1/predictions", body=body, headers={"Content-Type": kind})
            answer = peer.getresponse()
            answer.read()
            counts[sender] += rows_of_each * (answer.status == 200)
            number += 1

    began = time.monotonic()
    threads = [threading.Thread(target=run, args=(number,)) for number in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), time.monotonic() - began


def seconds_of_cpu(server):
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().split()
    return (int(fields[13]) + int(fields[14])) / 100


def row(program, table, what, bodies, rows_of_each):
    with Program(program, "--memory", "1g") as server:
        count, took = send(server, bodies, rows_of_each)
        began = time.monotonic()
        while time.monotonic() - began < SETTLE_S:
            now = json.loads(server.ask("/api/v1/status"))
            if now["journal_position"] == now["fold_position"]:
                break
            time.sleep(0.1)
        learnt = took + time.monotonic() - began
        table.row(what, round(count / took), round(count / learnt),
                  f"{1e6 * seconds_of_cpu(server) / count:.1f}")


def main(program):
    table = Table("speed", f"Predictions of {COLUMNS} features, {SENDERS} models",
                  ["sent as", "durable, rows/s", "learnt, rows/s", "processor, us/row"])
    numbers = range(2 * SENDERS)
    row(program, table, "batches of floats", [in_a_batch(n, rows.singles) for n in numbers], ROWS)
    row(program, table, "batches of doubles", [in_a_batch(n, rows.reals) for n in numbers], ROWS)
    row(program, table, "lines of JSON", [in_json(n, 1000) for n in numbers], 1000)
    table.note("Durable: acknowledged behind a sync of the journal.  Learnt: judged against the "
               "reference, and joined.  Processor: of all that the server did.")
    publish("predictions", [table])


if __name__ == "__main__":
    main(sys.argv[1])
