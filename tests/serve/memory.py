#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""memory.py - a server that is refused memory, now and then and then always: it lives, loses
nothing that it acknowledged, and is as before when there is memory again.

    memory.py PROGRAM REFUSING_MEMORY
"""
import os
import random
import struct
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Program  # noqa: E402
from report import Report  # noqa: E402

SEED = 5
LINES = 50
EVERY = (2000, 700, 300, 150, 70, 31, 20, 11, 7, 3, 2, 1)  # One of so many is refused.
STEP_S = 0.7
ASKED = ("/healthz", "/metrics", "/api/v1/status", "/api/v1/findings", "/api/v1/patterns",
         "/api/v1/sources", "/api/v1/signals")
RECORD = (b'{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":17,"body":'
          b'{"stringValue":"payment refused"}}]}]}]}')


def lines(rng):
    return "".join(f"2026-11-27T10:00:00Z INFO served {rng.randrange(10**6)} by "
                   f"{rng.choice('abc') * rng.randrange(1, 9)}\n" for _ in range(LINES)).encode()


def send(server, source, body):
    """How many lines were acknowledged."""
    try:
        server.ask(f"/ingest?source={source}", body)
        return LINES
    except OSError:
        return 0


def ask_all(server):
    for path in ASKED:
        try:
            server.ask(path)
        except OSError:
            pass
    try:
        server.ask("/v1/logs", RECORD)
    except OSError:
        pass


def while_refused(server, refuse, rng):
    """Lines that were acknowledged, until the end or until it has died."""
    acknowledged = 0
    for every in EVERY:
        refuse(every)
        until = time.monotonic() + STEP_S
        while time.monotonic() < until and server.process.poll() is None:
            acknowledged += send(server, f"web-{rng.randrange(5)}", lines(rng))
            ask_all(server)
    refuse(0)
    return acknowledged


def main():
    report = Report()
    program, library = sys.argv[1:]
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "every"
        file.write_bytes(bytes(4096))

        def refuse(every):
            with file.open("r+b") as opened:
                opened.write(struct.pack("=I", every))
        os.environ |= {"REFUSE_FILE": str(file), "LD_PRELOAD": str(Path(library).resolve())}
        with Program(program, "--checkpoint", "1s") as server:
            del os.environ["LD_PRELOAD"]
            acknowledged = while_refused(server, refuse, rng)
            report.check("it_lives_whatever_is_refused", server.process.poll() is None,
                         f"status {server.process.poll()}\n{server.told()[-2000:]}")
            more = send(server, "after", lines(rng))
            report.check("it_takes_data_again_when_there_is_memory", more == LINES, server.told())
            server.stop()
            server.start()
            wanted = acknowledged + more
            row = server.wait("SELECT count(*) FROM logs WHERE source <> 'unknown_service'",
                              lambda row: row[0] >= wanted)
            report.check("nothing_that_was_acknowledged_is_lost", acknowledged > 0 and
                         row is not None and row[0] >= wanted, f"{row}, wanted {wanted}")
    report.finish()


if __name__ == "__main__":
    main()
