#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""incidents.py - a disk that is full, and all who need it, from outside: one incident, its cause
first, the same after a kill -9.

    incidents.py PROGRAM
"""
import json
import random
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Program  # noqa: E402
from report import Report  # noqa: E402

SEED = 1
SECONDS, FAULT = 7000, 6000


def stamp(second):
    return datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def company(begins):
    """{source: lines} of a shop, its database and its front end; the disk is full from FAULT on."""
    rng = random.Random(SEED)
    lines = {"shop": [], "orders-db": [], "front": [], "search": []}
    for second in range(SECONDS):
        at = stamp(begins + second)
        for _ in range(rng.randint(0, 3)):
            lines["shop"].append(f"{at} INFO order {rng.randint(1, 9999)} paid in "
                                 f"{rng.randint(5, 80)} ms")
        if rng.random() < .2:
            lines["orders-db"].append(f"{at} INFO query took {rng.randint(1, 30)} ms")
        if rng.random() < .5:
            lines["front"].append(f"{at} INFO GET /p/{rng.randint(1, 500)} 200")
            lines["search"].append(f"{at} INFO {rng.randint(1, 50)} items found")
        if second == FAULT:
            lines["orders-db"].append(f"{at} ERROR could not extend file: No space left on device")
        if second > FAULT + 20 and second % 3 == 0:
            lines["shop"].append(f"{at} ERROR insert failed on orders-db: connection closed")
        if second > FAULT + 40 and second % 4 == 0:
            lines["front"].append(f"{at} ERROR upstream shop answered 502")
    return lines


def incidents(server):
    return json.loads(server.ask("/api/v1/incidents?limit=1000"))["items"]


def story(server, key):
    return json.loads(server.ask(f"/api/v1/incidents/{key}"))


def tell(server, begins):
    for source, lines in company(begins).items():
        server.ask(f"/ingest?source={source}", ("\n".join(lines) + "\n").encode())
    server.ask("/api/v1/changes", json.dumps(
        {"what": "deploy", "service": "search", "version": "2", "time": stamp(begins + FAULT)}
    ).encode())
    time.sleep(2.5)
    server.learnt()


def one_fault_is_one_incident(report, server, begins):
    shown = [item for item in incidents(server)
             if item["state"] != "joined" and item["time"] > stamp(begins + FAULT - 600)]
    report.check("one_fault_is_one_incident", len(shown) == 1, shown)
    whole = story(server, shown[0]["id"])
    first = next(part for part in whole["story"] if part["rank"] == 1)
    report.check("the_cause_is_told_first", "No space left" in whole["sentence"].split(";")[0]
                 and "No space left" in first["sentence"] and first["role"] == "cause"
                 and whole["cause"] == first["id"], whole)
    rest = [part for part in whole["story"] if part["part"] == "finding" and part["rank"] > 1]
    report.check("what_came_of_it_says_why_it_belongs_to_it",
                 len(rest) >= 2 and sum(part["why"] is not None for part in rest) >= len(rest) - 1
                 and all(part["role"] == "failure" for part in rest), whole)
    report.check("a_deploy_of_another_is_no_cause_and_not_told",
                 all(part["part"] != "change" for part in whole["story"]), whole)
    report.check("what_was_checked_is_told", any(check["signals"] > 0 and
                                                 check["state"] == "innocent"
                                                 for check in whole["checked"]), whole)
    return whole


def the_program_explains_it(report, server, whole):
    done = server.run("explain")
    told = done.stdout.decode()
    report.check("explain_lists_incidents", done.returncode == 0 and whole["id"] in told, told)
    told = " ".join(server.run("explain", whole["id"]).stdout.decode().split())
    report.check("explain_tells_an_incident", "1 cause" in told and "No space left" in told
                 and "checked: patterns of lines:" in told, told)
    finding = next(part["id"] for part in whole["story"] if part["part"] == "finding")
    told = server.run("explain", finding).stdout.decode()
    report.check("explain_still_tells_a_finding", "threshold" in told, told)
    done = server.run("explain", "0123456789abcdef")
    report.check("what_there_is_not_is_told", done.returncode == 2 and not done.stdout
                 and b"0123456789abcdef" in done.stderr, done.stderr)


def the_story_outlives_a_kill(report, server, whole):
    server.kill()
    server.start()
    server.learnt()
    again = story(server, whole["id"])
    report.check("a_killed_server_tells_the_same_story", again == whole,
                 f"{json.dumps(whole)}\n{json.dumps(again)}")
    listed = json.loads(server.ask("/api/v1/changes"))["items"]
    report.check("changes_outlive_it_too", [change["service"] for change in listed] == ["search"],
                 listed)


def main():
    program, report = sys.argv[1], Report()
    with Program(program, "--checkpoint", "1s", "--journal-keep", "1G") as server:
        begins = int(time.time()) - SECONDS - 100
        tell(server, begins)
        whole = one_fault_is_one_incident(report, server, begins)
        the_program_explains_it(report, server, whole)
        the_story_outlives_a_kill(report, server, whole)
    report.finish()


if __name__ == "__main__":
    main()
