#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""news.py - what a server posts of findings: those of now, not those of an old log.

    news.py PROGRAM
"""
import json
import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "tools"),
                str(Path(__file__).resolve().parent)]
from program import Program  # noqa: E402
from recorder import Recorder, waits  # noqa: E402
from report import Report  # noqa: E402
from series import STEP_S, findings, queues, write  # noqa: E402

SEED = 7
STEPS = 6 * 3600 // STEP_S
SHIFT = STEPS - 40


def posted_signals(recorder):
    return {item["pattern"] for item in recorder.got.get("/", [])}


def a_first_start_posts_what_is_odd_now_and_lists_the_past(report, path):
    rng = random.Random(SEED)
    now = int(time.time())
    recorder = Recorder()
    with Program(path, "--webhook", recorder.url + "/") as server:
        write(server, queues(rng, 10, now - 60 * 3600, STEPS, shift=(3, SHIFT)))
        write(server, queues(rng, 10, now - STEPS * STEP_S, STEPS, shift=(7, SHIFT)))
        waits(lambda: any("q7" in name for name in posted_signals(recorder)))
        listed = {item["pattern"] for item in findings(server)}
        posted = posted_signals(recorder)
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
