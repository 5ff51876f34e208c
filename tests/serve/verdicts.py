#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""verdicts.py - what people and rules say of findings, from outside: tried on history, said, seen
in all that is asked later, undone.

    verdicts.py PROGRAM
"""
import csv
import json
import random
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from planted import service_log  # noqa: E402
from program import Program  # noqa: E402
from recorder import waits  # noqa: E402
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
    day = time.strftime("%a", time.gmtime(time.mktime(time.strptime(
        live[gone[0]]["time"][:10], "%Y-%m-%d")))).lower()
    for every, state in ((f"{day} 00:00-24:00", "hidden"),
                         ("daily 23:59-24:00", live[gone[0]]["state"])):
        rules.write_text(f"window:\n  - id: week\n    source: web*\n    every: '{every}'\n")
        told, problem = replayed(server, "--rules", str(rules))
        report.check(f"a_window_comes_again_{state}", told[gone[0]]["state"] == state
                     and told[gone[0]]["hidden_by"] == ("week" if state == "hidden" else None),
                     f"{told}{problem}")
    for text, words in ((RULES.replace("reason", "reson"), ("rules.yaml:5", "reason")),
                        (RULES.replace("expect:", "expects:"), ("expect?",)),
                        (RULES.replace("2026-11-20T10:10:00Z", "soon"), ("rules.yaml:7", "until")),
                        ("mute:\n  - reason: all of it\n", ("rules.yaml:2", "names nothing")),
                        (RULES.replace("kind: burst", "kind: brust"), ("rules.yaml:8", "burst?")),
                        (RULES.replace("kind: burst", "id: disks"), ("rules.yaml:8", "line 2")),
                        ("window:\n  - source: web*\n    every: sometimes\n",
                         ("rules.yaml:2", "sat,sun")),
                        ("mute: loud\n", ("rules.yaml:1", "list of rules"))):
        rules.write_text(text)
        done = server.run("replay", "--rules", str(rules))
        report.check(f"a_wrong_rule_is_told_with_its_line_{words[-1]}",
                     done.returncode == 2 and not done.stdout
                     and all(word in done.stderr.decode() for word in words), done.stderr)


def said(server, *words):
    done = server.run(*words)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def elsewhere(server, *words):
    """From a machine that knows the server's address only."""
    done = subprocess.run([server.path, *words, "--server", server.address, "--data",
                           str(server.folder / "nowhere")], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def state_of(server, key, wanted):
    """The finding, as soon as it is in that state."""
    for _ in range(100):
        item = findings(server)[key]
        if item["state"] == wanted:
            return item
        time.sleep(0.1)
    return item


def same_in_a_replay(report, server, name, *words):
    server.learnt()
    live = findings(server)
    told, problem = replayed(server, *words)
    report.check(name, told == live, f"{told}\n{live}\n{problem}")


def a_verdict_counts_until_it_is_undone(report, server):
    before = findings(server)
    key = next(key for key, item in before.items() if "is gone" in item["sentence"])
    status, told, problem = said(server, "mark", key, "expected", "--reason", "ordered",
                                 "--author", "ops", "--dry-run")
    report.check("it_is_tried_before_it_is_said", status == 0 and "would have hidden" in told,
                 told + problem)
    status, told, problem = said(server, "mark", key, "expected", "--reason", "ordered",
                                 "--author", "ops")
    name = told.split()[1] if told else ""
    item = state_of(server, key, "expected")
    report.check("what_is_expected_is_held_back_and_says_by_whom",
                 status == 0 and item["state"] == "expected" and item["hidden_by"] == name
                 and item["verdict"] == "expected", f"{told}{problem}{item}")
    incidents = json.loads(server.ask("/api/v1/incidents"))["items"]
    of_it = next(i for i in incidents if i["id"] == item["incident"])
    report.check("an_incident_counts_what_is_held_back", of_it["hidden"] >= 1, of_it)
    status, told, problem = said(server, "explain", key)
    report.check("a_finding_is_explained", status == 0 and f"expected {name} holds it back" in told
                 and "ordered" in told and "ops" in told, told + problem)
    same_in_a_replay(report, server, "a_replay_repeats_what_was_said")
    server.kill()
    server.start()
    server.learnt()
    report.check("a_restart_remembers_what_was_said", findings(server)[key] == item,
                 findings(server)[key])
    status, told, problem = said(server, "rules", "export")
    kept = server.folder / "kept.yaml"
    kept.write_text(told)
    report.check("all_that_was_said_is_exported", status == 0 and name in told, told + problem)
    same_in_a_replay(report, server, "what_is_exported_does_the_same", "--rules", str(kept))
    same = told
    status, told, problem = elsewhere(server, "rules", "export")
    report.check("another_machine_exports_the_same", status == 0 and told == same, told + problem)
    status, told, problem = elsewhere(server, "rules", "test", str(kept))
    report.check("another_machine_tries_rules", status == 0 and name in told
                 and "last 30 days" in told, told + problem)
    status, told, problem = said(server, "mark", key, "real")
    real = told.split()[1] if told else ""
    item = state_of(server, key, before[key]["state"])
    report.check("who_differs_is_shown_and_so_is_the_finding",
                 item["verdict"] == "real, expected" and item["hidden_by"] is None, item)
    status, told, problem = said(server, "rules", "test", str(kept))
    report.check("a_rule_that_hides_what_is_real_says_so", status == 0
                 and "1 that was marked real" in told, told + problem)
    for word, undone in (("real", real), ("expected", name)):
        status, told, problem = said(server, "undo", undone)
        report.check(f"{word}_is_undone", status == 0 and undone in told, told + problem)
    state_of(server, key, before[key]["state"])
    status, told, problem = said(server, "mark", key, "new-normal")
    item = state_of(server, key, "expected")
    report.check("a_new_normal_holds_back_what_was_odd_before_it", status == 0
                 and item["verdict"] == "new-normal" and item["hidden_by"] == told.split()[1],
                 f"{told}{problem}{item}")
    said(server, "undo", item["hidden_by"])
    state_of(server, key, before[key]["state"])
    server.learnt()
    for _ in range(50):
        if findings(server) == before:
            break
        time.sleep(0.1)
    report.check("then_all_is_as_if_it_had_never_been_said", findings(server) == before,
                 findings(server))
    same_in_a_replay(report, server, "and_in_a_replay_too")
    status, told, problem = said(server, "undo", name)
    report.check("what_was_undone_cannot_be_undone", status == 2 and name in problem, problem)
    return key, kept


def what_was_said_is_a_table(report, server):
    """Of `dataset findings`: two are judged, which become two rows, in order of time."""
    before = findings(server)
    keys = sorted(before, key=lambda key: before[key]["time"])[:2]
    names = [said(server, "mark", key, word)[1].split()[1]
             for key, word in zip(keys, ("expected", "real"))]
    state_of(server, keys[0], "expected")
    waits(lambda: findings(server)[keys[1]]["verdict"])
    live, path = findings(server), server.folder / "judged.csv"
    status, _, problem = said(server, "dataset", "findings", "--out", str(path))
    rows = list(csv.DictReader(path.open())) if status == 0 else []
    judged = {key: item for key, item in live.items() if item["verdict"]}
    report.check("what_was_judged_is_a_table", status == 0 and {row["finding"] for row in rows}
                 == set(judged) and [row["time"] for row in rows]
                 == sorted(row["time"] for row in rows), f"{problem}{rows}{judged}")
    by_id = {row["finding"]: row for row in rows}
    first, second = by_id.get(keys[0], {}), by_id.get(keys[1], {})
    report.check("with_the_verdict_in_words_and_numbers", (first.get("verdict"), first.get("real"),
                 second.get("verdict"), second.get("real")) == ("expected", "0", "real", "1"), rows)
    item = live[keys[1]]
    report.check("and_what_the_finding_was", second.get("kind") == item["kind"]
                 and float(second.get("surprise") or 0) == item["surprise"]
                 and second.get("hour") == str(int(item["time"][11:13]))
                 and second.get("weekday") == "4" and second.get("role"), f"{rows}{item}")
    packed = server.folder / "judged.parquet"
    status, _, problem = said(server, "dataset", "findings", "--out", str(packed))
    report.check("it_may_be_parquet", status == 0 and packed.read_bytes()[:4] == b"PAR1"
                 and not packed.with_name("judged.parquet.csv.part").exists(), problem)
    status, told, problem = said(server, "dataset", "freeze", str(path), "--name", "judged")
    report.check("and_frozen_as_a_dataset", status == 0 and told.startswith("judged@"), problem)
    for name in names:
        said(server, "undo", name)
    waits(lambda: findings(server) == before)


def findings_are_linked_and_parted(report, server):
    before = findings(server)
    one = next(iter(before.values()))
    other = next((item for item in before.values() if item["incident"] != one["incident"]), None)
    report.check("there_are_findings_of_two_incidents", other is not None, before)
    done = subprocess.run([server.path, "mute", "--scope", "source=*", "--data",
                           str(server.folder / "nowhere")], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    report.check("a_folder_without_a_server_is_no_other_servers", done.returncode == 2
                 and b"no server runs on" in done.stderr, done.stderr)
    status, told, problem = said(server, "mark", one["id"], "link", one["id"])
    report.check("nothing_is_linked_with_itself", status == 2 and "with itself" in problem,
                 told + problem)
    status, told, problem = said(server, "mute", one["id"], "--ends", "0s", "--dry-run")
    report.check("what_ends_before_it_is_said_is_refused", status == 2 and "is over" in problem,
                 told + problem)
    status, told, problem = said(server, "mark", one["id"], "link", other["incident"])
    name = told.split()[1] if told else ""
    for _ in range(100):
        linked = findings(server)
        if linked[one["id"]]["incident"] == linked[other["id"]]["incident"]:
            break
        time.sleep(0.1)
    report.check("what_is_linked_is_one_incident", status == 0
                 and linked[one["id"]]["incident"] == linked[other["id"]]["incident"],
                 f"{told}{problem}{linked}")
    incidents = json.loads(server.ask("/api/v1/incidents?state=joined"))["items"]
    joined = [item for item in incidents if item["state"] == "joined"]
    report.check("the_other_one_leads_on", [item["again"] for item in joined]
                 == [linked[one["id"]]["incident"]], incidents)
    story = json.loads(server.ask(f"/api/v1/incidents/{linked[one['id']]['incident']}"))
    report.check("an_incident_says_that_somebody_linked_it",
                 any(part["why"] == "somebody said so" for part in story["story"]), story)
    same_in_a_replay(report, server, "a_replay_repeats_links")
    said(server, "undo", name)
    for _ in range(100):
        if findings(server) == before:
            break
        time.sleep(0.1)
    report.check("an_undo_parts_them_again", findings(server) == before, findings(server))
    for words in (("mark", one["id"], "link", "nothing"), ("mark", one["id"], "link"),
                  ("mark", one["id"], "unlink", "--forever")):
        status, told, problem = said(server, *words)
        report.check(f"a_mistake_is_told: {' '.join(words[2:])}", status == 2 and not told, problem)


def rules_and_mutes_are_given_to_a_server(report, server, key, kept):
    for _ in range(2):
        status, told, problem = said(server, "rules", "import", str(kept))
    item = state_of(server, key, "expected")
    count = len(json.loads(server.ask("/api/v1/verdicts"))["items"])
    report.check("a_file_is_imported_as_often_as_one_likes",
                 status == 0 and item["state"] == "expected" and count == 1,
                 f"{told}{problem}{item}{count}")
    said(server, "undo", item["hidden_by"])
    state_of(server, key, "resolved")
    status, told, problem = said(server, "mute", "--scope", "source=web*,pattern=* is gone",
                                 "--ends", "7d")
    item = state_of(server, key, "hidden")
    report.check("a_mute_hides", status == 0 and item["state"] == "hidden", f"{problem}{item}")
    many = server.folder / "many.yaml"
    many.write_text("mute:\n" + "".join(f"  - source: s{n}\n" for n in range(1025)))
    before = len(json.loads(server.ask("/api/v1/verdicts"))["items"])
    status, told, problem = said(server, "rules", "import", str(many))
    server.learnt()
    report.check("more_rules_than_may_be_in_force_are_refused_whole",
                 status == 2 and "1024 may be" in problem and not told
                 and len(json.loads(server.ask("/api/v1/verdicts"))["items"]) == before, problem)
    for words, part in ((("mark", key, "true"), "unsure"), (("ask", "--format", "csv"), "json"),
                        (("ask", "--answers", "a.csv"), "--reference"),
                        (("mark", "0" * 16, "real"), "no finding"), (("mute",), "--scope"),
                        (("mute", "--scope", "all"), "everywhere"),
                        (("mute", "--scope", "source=a,kid=b"), "kid"),
                        (("mute", "--scope", "source=a,source=b"), "twice"),
                        (("mute", "--scope", "kind=brust"), "did you mean burst?"),
                        (("mute", "--scope", "source=a", "--ends=7d", "--forever"), "--forever"),
                        (("explain", "x"), "id"),
                        (("undo", "a/b"), "id"), (("rules",), "test")):
        status, told, problem = said(server, *words)
        report.check(f"a_mistake_is_told: {' '.join(words)[:40]}",
                     status == 2 and part in problem and not told, problem)


def questions_are_asked_and_answered(report, server):
    status, told, problem = said(server, "ask", "--count", "20", "--format", "json")
    before = json.loads(told)["items"] if status == 0 else []
    report.check("a_server_has_questions_about_findings", status == 0 and before, told + problem)
    first = before[0]
    status, told, problem = said(server, "ask", "--count", "20")
    report.check("a_question_comes_with_its_answers", status == 0 and f"mark {first['id']} real"
                 in told and f"mark {first['id']} expected" in told, told + problem)
    status, told, problem = said(server, "mark", first["id"], "expected", "--scope", "like",
                                 "--dry-run")
    report.check("an_answer_is_said_of_all_its_like", status == 0 and
                 f"would have hidden {first['like']} of" in told, f"{first}{told}{problem}")
    status, told, problem = said(server, "mark", first["id"], "expected", "--scope", "like")
    name = told.split()[1] if told else ""
    state_of(server, first["id"], "expected")
    after = json.loads(said(server, "ask", "--count", "20", "--format", "json")[1])["items"]
    report.check("what_is_answered_is_not_asked_again",
                 first["id"] not in [item["id"] for item in after], after)
    said(server, "undo", name)
    state_of(server, first["id"], "resolved")
    again = json.loads(said(server, "ask", "--count", "20", "--format", "json")[1])["items"]
    report.check("but_when_the_answer_is_undone", again == before, f"{before}{again}")


def main():
    program, report = sys.argv[1], Report()
    with Program(program, "--checkpoint", "1s", "--journal-keep", "1G") as server:
        log = service_log(random.Random(SEED), 120, "the device sdq is gone", 40)
        server.ask("/ingest?source=web.log", log)
        time.sleep(2.5)
        server.learnt()
        history_is_run_with_other_rules(report, server)
        questions_are_asked_and_answered(report, server)
        what_was_said_is_a_table(report, server)
        findings_are_linked_and_parted(report, server)
        key, kept = a_verdict_counts_until_it_is_undone(report, server)
        rules_and_mutes_are_given_to_a_server(report, server, key, kept)
    report.finish()


if __name__ == "__main__":
    main()
