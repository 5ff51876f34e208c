#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""verdicts.py - what people and rules say of findings, from outside: tried on history, said, seen
in all that is asked later, undone.

    verdicts.py PROGRAM
"""
import json
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Program  # noqa: E402
from report import Report  # noqa: E402

SEED = 7
RULES = """mute:
  - id: disks
    source: web*
    pattern: "* is gone"
    reason: the disks are being replaced
expect:
  - source: web.log
    kind: burst
    until: 2026-11-20T10:10:00Z
"""


def plant(minutes):
    """Two hours of a service, with an error that never was, and a burst."""
    rng, rows = random.Random(SEED), []
    for minute in range(minutes):
        for second in range(60):
            stamp = f"2026-11-20T{10 + minute // 60:02}:{minute % 60:02}:{second:02}Z"
            for _ in range(3):
                rows.append(f"{stamp} INFO served {rng.randrange(10**6)} in {rng.randrange(90)} ms")
            if minute == minutes - 5 and second < 20:
                rows += [f"{stamp} WARN retry of upstream {n}" for n in range(20)]
        if minute == minutes - 40:
            rows.append(f"{stamp} ERROR the device sdq is gone")
    return "".join(row + "\n" for row in rows).encode()


def learnt(server):
    """Until all that is durable is learnt, and a tick behind it."""
    for _ in range(200):
        status = json.loads(server.ask("/api/v1/status"))
        if status["journal_position"] == status["fold_position"]:
            return
        time.sleep(0.05)


def findings(server):
    items = json.loads(server.ask("/api/v1/findings?limit=1000"))["items"]
    return {item["id"]: item for item in items}


def replayed(server, *words):
    done = server.run("replay", "--quiet", *words)
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    return {row["id"]: row for row in rows}, done.stderr.decode()


def history_is_run_with_other_rules(report, server):
    rules = server.folder / "rules.yaml"
    rules.write_text(RULES)
    live = findings(server)
    gone = [key for key, item in live.items() if "is gone" in item["sentence"]]
    report.check("what_is_planted_is_found", len(gone) == 1 and len(live) > 1, live)
    told, problem = replayed(server, "--rules", str(rules))
    hidden = [key for key, item in told.items() if item["state"] == "hidden"]
    report.check("a_rule_hides_what_it_names_and_nothing_else", hidden == gone,
                 f"{told}\n{problem}")
    report.check("what_is_hidden_says_by_whom",
                 [told[key]["hidden_by"] for key in hidden] == ["disks"], told)
    plain = {key: {**item, "state": live[key]["state"], "hidden_by": None}
             for key, item in told.items()}
    report.check("a_rule_changes_nothing_else_of_history", plain == live, told)
    report.check("a_rule_that_has_ended_hides_nothing",
                 all(item["state"] != "expected" for item in told.values()), told)
    for text, words in ((RULES.replace("reason", "reson"), ("rules.yaml:5", "reason")),
                        (RULES.replace("expect:", "expects:"), ("expect?",)),
                        (RULES.replace("2026-11-20T10:10:00Z", "soon"), ("rules.yaml:7", "until")),
                        ("mute:\n  - reason: all of it\n", ("rules.yaml:2", "names nothing")),
                        ("mute: loud\n", ("rules.yaml:1", "list of rules"))):
        rules.write_text(text)
        done = server.run("replay", "--rules", str(rules))
        report.check(f"a_wrong_rule_is_told_with_its_line_{words[-1]}",
                     done.returncode == 2 and not done.stdout
                     and all(word in done.stderr.decode() for word in words), done.stderr)


def main():
    program, report = sys.argv[1], Report()
    with Program(program, "--checkpoint", "1s", "--journal-keep", "1G") as server:
        server.ask("/ingest?source=web.log", plant(120))
        time.sleep(2.5)
        learnt(server)
        history_is_run_with_other_rules(report, server)
    report.finish()


if __name__ == "__main__":
    main()
