#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""series.py - metrics in a server from outside: written as Prometheus does, watched, told.

    series.py PROGRAM
"""
import json
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import remote_write  # noqa: E402
from program import Program  # noqa: E402
from report import Report  # noqa: E402

SEED = 7
STEP_S = 15
HOURS = 6


def learnt(server):
    """Until all that is durable is learnt, and a tick behind it."""
    for _ in range(400):
        status = json.loads(server.ask("/api/v1/status"))
        if status["journal_position"] == status["fold_position"]:
            return
        time.sleep(0.05)


def findings(server):
    return json.loads(server.ask("/api/v1/findings?limit=1000"))["items"]


def queues(rng, count, begin, steps, shift=None):
    """Lengths of queues, a sample each STEP_S.  shift: (number, step) from where one is longer."""
    for number in range(count):
        labels = {"__name__": "queue_length", "queue": f"q{number}", "job": "mail"}
        samples = []
        for step in range(steps):
            value = rng.gauss(100 + 10 * number, 5)
            if shift is not None and number == shift[0] and step >= shift[1]:
                value += 300
            samples.append(((begin + step * STEP_S) * 1000, round(value, 1)))
        yield labels, samples


def write(server, all_series):
    """An hour of all series in a request, as a sender does that was away."""
    all_series = list(all_series)
    hour = 3600 // STEP_S
    for at in range(0, max(len(samples) for _, samples in all_series), hour):
        part = [(labels, samples[at:at + hour]) for labels, samples in all_series]
        server.ask("/api/v1/write", remote_write.body(part), **remote_write.HEADERS)
    time.sleep(1.5)
    learnt(server)


def a_shift_is_found(report, path):
    rng = random.Random(SEED)
    steps = HOURS * 3600 // STEP_S
    begin = int(time.time()) - HOURS * 3600
    at = steps - 40
    with Program(path) as server:
        write(server, queues(rng, 20, begin, steps, shift=(7, at)))
        told = findings(server)
        good = [item for item in told if item["pattern"] ==
                'queue_length{job="mail",queue="q7"}' and item["kind"] == "high"]
        report.check("a_level_that_shifts_is_one_finding", len(good) == 1 and len(told) <= 3,
                     json.dumps(told, indent=1))


def main():
    report = Report()
    path = sys.argv[1]
    a_shift_is_found(report, path)
    report.finish()


if __name__ == "__main__":
    main()
