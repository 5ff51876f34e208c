#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""stop.py - a server that works hard ends within five seconds of being told to, and loses nothing;
and a long question in SQL holds up neither learning nor checkpoints.

    stop.py PROGRAM LOAD     LOAD: build/bench/load
"""
import json
import subprocess
import sys
import threading
import time
import urllib.error
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Program  # noqa: E402
from report import Report  # noqa: E402

STOP_S = 5.0
SOON_S = 60
LONG = "SELECT count(*) FROM range(400000000000) AS r WHERE range % 7 = 3"


def status(server):
    return json.loads(server.ask("/api/v1/status"))


def soon(condition):
    """Whether it holds within a minute."""
    until = time.monotonic() + SOON_S
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def send(server, tool, requests):
    """How many lines were acknowledged, 8,000 of each request."""
    address = server.address.removeprefix("http://")
    answer = subprocess.run([tool, address, "lines", "8", str(requests), "1000"],
                            stdout=subprocess.PIPE, check=True, timeout=300).stdout
    return int(float(answer.split(b",")[0]))


class Question(threading.Thread):
    """One that would never be answered."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.answer = server, None
        self.start()
        time.sleep(1)

    def run(self):
        try:
            self.answer = self.server.rows(LONG)
        except urllib.error.HTTPError as problem:
            self.answer = problem.code
        except OSError as problem:
            self.answer = str(problem)


def children(server):
    """The command lines of the processes that the server has started."""
    task = Path(f"/proc/{server.process.pid}/task")
    pids = " ".join(path.read_text() for path in task.glob("*/children")).split()
    return [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids
            if Path(f"/proc/{pid}/cmdline").exists()]


def all_is_there(server, lines):
    """Each line has a number in its source: none is missing, none is there twice."""
    row = server.wait("SELECT sum(n), sum(last) FROM (SELECT count(*) AS n, max(seq) AS last FROM "
                      "logs WHERE source LIKE 'load-%' GROUP BY source)",
                      lambda row: (row[0] or 0) >= lines)
    return row == [lines, lines], f"{row}, wanted {lines}"


def while_it_writes(report, path, tool):
    """Rows enough that no machine writes them in a moment; told to end while the child does."""
    with Program(path, "--memory", "1G", "--checkpoint", "2s") as server:
        lines = send(server, tool, 120)
        good = soon(lambda: any(b"lake-child" in words for words in children(server)))
        seconds, code = server.stop()
        report.check("it_ends_in_time_while_the_lake_is_written",
                     good and code == 0 and seconds < STOP_S,
                     f"{seconds:.2f} s, status {code}, a child: {good}")
        print(f"ended in {seconds:.2f} s while the lake was written")
        server.start()
        report.check("what_was_not_written_is_there_after_a_start", *all_is_there(server, lines))


def while_it_is_asked(report, path, tool):
    with Program(path, "--checkpoint", "1s", "--sql-time", "120s") as server:
        question = Question(server)
        before = status(server)["checkpoints"]
        lines = send(server, tool, 2)
        report.check("a_long_question_holds_up_neither_learning_nor_checkpoints",
                     soon(lambda: status(server)["checkpoints"] >= before + 2 and
                          status(server)["hot_bytes"] == 0) and question.is_alive(),
                     f"{status(server)}\n{question.answer}")
        report.check("a_short_question_beside_it_is_answered", *all_is_there(server, lines))
        report.check("the_long_one_goes_on_meanwhile", question.is_alive(), f"{question.answer}")
        seconds, code = server.stop()
        report.check("it_ends_in_time_while_a_question_runs", code == 0 and seconds < STOP_S,
                     f"{seconds:.2f} s, status {code}")
        print(f"ended in {seconds:.2f} s while a question ran")


def while_it_learns(report, path, tool):
    """More than it learns in time."""
    with Program(path, "--memory", "1G", "--checkpoint", "1h") as server:
        lines = send(server, tool, 200)
        behind = status(server)
        seconds, code = server.stop()
        report.check("it_ends_in_time_however_much_is_to_learn", code == 0 and seconds < STOP_S,
                     f"{seconds:.2f} s, status {code}, {behind}")
        print(f"ended in {seconds:.2f} s while it learnt, "
              f"{behind['fold_position']} of {behind['journal_position']} commits were learnt")
        server.start()
        report.check("what_was_not_learnt_is_there_after_a_start", *all_is_there(server, lines))


def main():
    report = Report()
    path, tool = sys.argv[1], sys.argv[2]
    while_it_writes(report, path, tool)
    while_it_is_asked(report, path, tool)
    while_it_learns(report, path, tool)
    report.finish()


if __name__ == "__main__":
    main()
