#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""news.py - what a server posts of findings: those of now, not those of an old log.

    news.py PROGRAM
"""
import http.server
import json
import random
import sys
import threading
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "tools"),
                str(Path(__file__).resolve().parent)]
from program import Program  # noqa: E402
from report import Report  # noqa: E402
from series import STEP_S, findings, queues, write  # noqa: E402

SEED = 7
STEPS = 6 * 3600 // STEP_S
SHIFT = STEPS - 40
WAIT_S = 20


class Receiver:
    def __init__(self):
        self.got = []
        got = self.got

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def signals(self):
        return {item["pattern"] for item in self.got}

    def waits_for(self, part):
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until and not any(part in name for name in self.signals()):
            time.sleep(0.1)


def a_first_start_posts_what_is_odd_now_and_lists_the_past(report, path):
    rng = random.Random(SEED)
    now = int(time.time())
    receiver = Receiver()
    with Program(path, "--webhook", receiver.url) as server:
        write(server, queues(rng, 10, now - 60 * 3600, STEPS, shift=(3, SHIFT)))
        write(server, queues(rng, 10, now - STEPS * STEP_S, STEPS, shift=(7, SHIFT)))
        receiver.waits_for("q7")
        listed = {item["pattern"] for item in findings(server)}
        posted = receiver.signals()
        told = (sorted(listed), sorted(posted))
        report.check("what_is_odd_now_is_posted", any('"q7"' in name for name in posted), told)
        report.check("what_was_odd_days_ago_is_listed", any('"q3"' in name for name in listed),
                     told)
        report.check("and_not_posted", not any('"q3"' in name for name in posted), told)
        past = json.loads(server.ask("/api/v1/status"))["webhook"]["past"]
        report.check("it_is_counted", past >= 1, past)


def main():
    report = Report()
    a_first_start_posts_what_is_odd_now_and_lists_the_past(report, sys.argv[1])
    report.finish()


if __name__ == "__main__":
    main()
