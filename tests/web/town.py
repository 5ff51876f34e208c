#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""town.py - what the page is shown with: a shop whose database has no room left, a busy disk, a
model that drifts, and lines that would like to be more than text.

    town.py PROGRAM ADDRESS     serves it until it is ended, for whoever works on the page
"""
import json
import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / room) for room in ("tools", "serve")]
import incidents  # noqa: E402
import models  # noqa: E402
import series  # noqa: E402
from program import Program  # noqa: E402

SEED = 5
PARTS, DRIFT_FROM = 20, 18
OUTCOME_NS = 60 * 10**9
HOURS, BUSY_STEPS = 6, 60
FLAGS = ("--checkpoint", "2s")

HOSTILE = ("<img src=x onerror=\"document.title='owned'\"> \u001b[31mred\u001b[0m "
           "\u202eevil\u202c </script><script>document.title='owned'</script>")


def lines(server, begins):
    for source, rows in incidents.company(begins).items():
        server.ask(f"/ingest?source={source}", ("\n".join(rows) + "\n").encode())
    hostile = [f"{incidents.stamp(begins + second)} INFO guest {second} came"
               for second in range(0, incidents.FAULT, 2)]
    hostile.append(f"{incidents.stamp(begins + 4000)} ERROR guest said {HOSTILE}")
    hostile.sort()
    server.ask("/ingest?source=guests", ("\n".join(hostile) + "\n").encode())
    server.ask("/api/v1/changes", json.dumps(
        {"what": "deploy", "service": "search", "version": "2",
         "time": incidents.stamp(begins + incidents.FAULT - 90)}).encode())


def in_segments(world, part):
    return "\n".join(json.dumps({
        "model": world.name, "version": "1", "id": f"p{number}", "time": world.time(number),
        "features": {"x": x}, "segments": {"region": region}, "prediction": int(p >= 0.5),
        "probability": p}) for number, x, p, region in part).encode()


def outcomes(world, part):
    return "\n".join(json.dumps({
        "model": world.name, "id": f"p{number}", "outcome": int(world.truths[number]),
        "time": world.time(number) + OUTCOME_NS}) for number, *_ in part).encode()


def predictions(server):
    world = models.World("credit")
    for number in range(PARTS):
        world.shift = 0.5 if number >= DRIFT_FROM else 0.0
        part, key = world.part(), f"town-{number}"
        models.send(server, "/api/v1/predictions", in_segments(world, part), key)
        models.send(server, "/api/v1/outcomes", outcomes(world, part), key)


def many_findings(server, number):
    """Alerts of rules, each resolved at once: a finding each, as many as one wishes."""
    now = time.time()
    for part in range(0, number, 500):
        alerts = [{"labels": {"alertname": f"Rule{part}", "instance": f"host-{part + at}",
                              "service": f"service-{at % 50}"},
                   "annotations": {"summary": f"rule {part} says no of host-{part + at}"},
                   "startsAt": incidents.stamp(now - 60)} for at in range(500)]
        server.ask("/api/v2/alerts", json.dumps(alerts).encode())
        for alert in alerts:
            alert["endsAt"] = incidents.stamp(now - 1)
        server.ask("/api/v2/alerts", json.dumps(alerts).encode())
    server.learnt(20)


def fill(server):
    now = int(time.time())
    lines(server, (now - incidents.SECONDS) // 60 * 60)
    predictions(server)
    steps = HOURS * 3600 // series.STEP_S
    series.write(server, series.host(random.Random(SEED), now - HOURS * 3600, steps,
                                     steps - BUSY_STEPS))
    server.learnt(30)


def main():
    with Program(sys.argv[1], "--listen", sys.argv[2], *FLAGS) as server:
        fill(server)
        print(server.address, flush=True)
        server.process.wait()


if __name__ == "__main__":
    main()
