#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill.py - the server is killed again and again under load: what it acknowledged is there, once.

    kill.py PROGRAM [CYCLES]

Four senders send numbered lines.  A request whose answer was lost is sent again with the same
Idempotency-Key, as a careful client does.
"""
import random
import sys
import threading
import time
import urllib.error
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Program  # noqa: E402
from report import Report  # noqa: E402

SENDERS = 4
LINES = 20  # Of a request.
SEED = 20261127


class Sender(threading.Thread):
    def __init__(self, server, number):
        super().__init__(daemon=True)
        self.server, self.number = server, number
        self.sent = 0  # Requests that were acknowledged.
        self.strange = []
        self.stopping = threading.Event()
        self.pausing = threading.Event()

    def send(self):
        name = f"sender {self.number} request {self.sent}"
        body = "".join(f"{name} line {line}\n" for line in range(LINES)).encode()
        try:
            self.server.ask(f"/ingest?source=sender-{self.number}", body,
                            Idempotency_Key=f"request-{self.sent}")
            self.sent += 1
        except urllib.error.HTTPError as refused:
            if refused.code not in (429, 503):
                self.strange.append(f"{refused.code} {refused.read()[:200]}")
        except OSError:
            time.sleep(0.02)  # It is down; the same again.

    def run(self):
        while not self.stopping.is_set():
            if self.pausing.is_set():
                time.sleep(0.02)
            else:
                self.send()


def cycles(server, senders, count, rng):
    """Kills it at moments of chance; gives the slowest start."""
    slowest = 0
    for _ in range(count):
        time.sleep(rng.uniform(0.05, 1.2))
        server.kill()
        began = time.monotonic()
        server.start()
        slowest = max(slowest, time.monotonic() - began)
    for sender in senders:
        sender.stopping.set()
    for sender in senders:
        sender.join(30)
    return slowest


def check(report, server, senders):
    for sender in senders:
        source = f"sender-{sender.number}"
        wanted = [sender.sent * LINES] * 2
        more = [(sender.sent + 1) * LINES] * 2  # A last request may be stored and not answered.
        good = (wanted, more)
        row = server.wait(f"SELECT count(*), count(DISTINCT text) FROM logs WHERE source = "
                          f"'{source}'", lambda row, good=good: row in good)
        report.check(f"of_{source}_all_that_was_acknowledged_is_there_once",
                     row in good and sender.sent > 0 and not sender.strange,
                     f"{row}, wanted {wanted}\n{sender.strange[:3]}\n{server.told()[-2000:]}")
    row = server.rows("SELECT count(*) FROM (SELECT source, seq FROM logs GROUP BY ALL HAVING "
                      "count(*) > 1)")
    report.check("no_line_has_the_number_of_another", row == [[0]], f"{row}")


def main():
    report = Report()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    rng = random.Random(SEED)
    with Program(sys.argv[1], "--checkpoint", "2s") as server:
        senders = [Sender(server, number) for number in range(SENDERS)]
        for sender in senders:
            sender.start()
        slowest = cycles(server, senders, count, rng)
        check(report, server, senders)
        requests = sum(sender.sent for sender in senders)
        report.check("it_starts_again_each_time", server.process.poll() is None,
                     server.told()[-2000:])
        print(f"{count} kills, {requests} requests acknowledged, slowest start {slowest:.2f} s")
    report.finish()


if __name__ == "__main__":
    main()
