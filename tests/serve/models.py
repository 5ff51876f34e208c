#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""models.py - models in production in a server from outside: their rows sent, the server killed in
between, what is odd told.

    models.py PROGRAM
"""
import json
import random
import sys
import time
import urllib.error
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import prediction_batch as rows  # noqa: E402
from program import Program  # noqa: E402
from report import Report  # noqa: E402

SEED = 11
PART = 1000
STEP_NS = 10**9


class World:
    """A model whose probability follows its first input."""

    def __init__(self, name):
        self.rng = random.Random(SEED)
        self.name, self.number, self.shift = name, 0, 0.0
        self.begin = int((time.time() - 40_000) * 1e9)
        self.truths = []

    def part(self):
        made = []
        for _ in range(PART):
            x = self.rng.random() + self.shift
            p = min(max(x, 0.02), 0.98)
            self.truths.append(self.rng.random() < p)
            made.append((self.number, x, p, self.rng.choice(("north", "south"))))
            self.number += 1
        return made

    def parts(self, rows):
        return [row for _ in range(rows // PART) for row in self.part()]

    def time(self, number):
        return self.begin + number * STEP_NS


def in_json(world, part):
    return "\n".join(json.dumps({
        "model": world.name, "version": "1", "id": f"p{number}", "time": world.time(number),
        "features": {"x": x, "region": region}, "prediction": int(p >= 0.5),
        "probability": p}) for number, x, p, region in part).encode()


def in_a_batch(world, part):
    numbers, xs, ps, regions = zip(*part)
    return rows.batch(rows.PREDICTIONS, world.name, "1", len(part), [
        (rows.TIME, "time", rows.times(map(world.time, numbers))),
        (rows.ID, "id", rows.texts([f"p{number}" for number in numbers])),
        (rows.FEATURE, "x", rows.reals(xs)),
        (rows.FEATURE, "region", rows.categories(regions)),
        (rows.OUTPUT, "prediction", rows.reals([float(p >= 0.5) for p in ps])),
        (rows.PROBABILITY, "probability", rows.reals(ps))])


def outcomes(world, part):
    return "\n".join(json.dumps({
        "model": world.name, "id": f"p{number}", "outcome": int(world.truths[number]),
        "time": world.time(number) + 3600 * 10**9}) for number, *_ in part).encode()


def send(server, path, body, key, kind="application/json"):
    """Until it is acknowledged, as a careful client does."""
    while True:
        try:
            return json.loads(server.ask(path, body, Content_Type=kind, Idempotency_Key=key))
        except urllib.error.HTTPError as refused:
            if refused.code not in (429, 503):
                raise
        time.sleep(0.1)


def models(server):
    return json.loads(server.ask("/api/v1/models"))["items"]


def learnt(server, predictions):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        status = json.loads(server.ask("/api/v1/status"))
        told = sum(item["predictions"] for item in models(server))
        if status["journal_position"] == status["fold_position"] and told >= predictions:
            return
        time.sleep(0.1)


def send_part(server, world, as_batch):
    part = world.part()
    key = f"{world.name}-{world.number}"
    if as_batch:
        send(server, "/api/v1/predictions", in_a_batch(world, part), key, rows.TYPE)
    else:
        send(server, "/api/v1/predictions", in_json(world, part), key)
    send(server, "/api/v1/outcomes", outcomes(world, part), key)


def check_killed(report, path):
    """Three times in the middle; at the end all is counted once, and a drift is told."""
    worlds = [World("json"), World("batch")]
    with Program(path, "--checkpoint", "2s") as server:
        for turn in range(24):
            for world in worlds:
                world.shift = 0.25 if turn >= 20 else 0.0
                send_part(server, world, world.name == "batch")
            if turn in (5, 12, 21):
                time.sleep(1.1)
                server.kill()
                server.start()
        learnt(server, 48 * PART)
        time.sleep(1.5)
        told = {item["model"]: item for item in models(server) if item["version"] == "1"}
        for name, item in sorted(told.items()):
            report.check(f"rows_in_{name}_count_once_though_the_server_was_killed",
                         item["predictions"] == 24 * PART and item["joined"] == 24 * PART
                         and item["doubled"] == 0 and item["waiting"] == 0, item)
            report.check(f"the_reference_of_{name}_is_whole",
                         item["state"] == "watched" and item["task"] == "binary"
                         and item["reference_rows"] == 10_000, item)
        found = json.loads(server.ask("/api/v1/findings?limit=100"))["items"]
        for world in worlds:
            own = [item for item in found if item["source"] == world.name]
            report.check(f"the_drift_of_{world.name}_is_told_once_and_nothing_before_it",
                         [item["kind"] for item in own if item["kind"] == "drift"] == ["drift"]
                         and all(item["kind"] in ("drift", "quality", "errors") for item in own),
                         json.dumps(own, indent=1))
        check_rows(report, server)
        check_answers(report, server)
        check_verdict(report, server)
        check_new_normal(report, server)


def check_rows(report, server):
    """In SQL, from files of the lake and from memory alike, up to a megabyte a tick."""
    told = json.loads(server.ask("/api/v1/sql", json.dumps({"sql":
        "SELECT count(*), count(DISTINCT p.id), count(o.outcome) > 10000, "
        "corr(CAST(p.features->>'x' AS DOUBLE), p.probability) > 0.9, min(p.version) "
        "FROM predictions p LEFT JOIN outcomes o USING (model, id) "
        "WHERE p.model = 'json' AND NOT p.reference"}).encode(),
        Content_Type="application/json"))["rows"]
    report.check("predictions_and_outcomes_are_rows_in_sql",
                 10 * PART < told[0][0] == told[0][1] <= 24 * PART
                 and told[0][2:] == [True, True, "1"], told)


def own_findings(server, name):
    return {item["id"]: item["state"] for item in
            json.loads(server.ask("/api/v1/findings?limit=100"))["items"]
            if item["source"] == name}


def judged_by(server, name, wanted):
    """The new normal by which version 1 is judged, once it is the wanted one."""
    for _ in range(100):
        told = [one for one in json.loads(server.ask(f"/api/v1/models/{name}"))["versions"]
                if one["version"] == "1"][0]
        if told["new_normal"] == wanted:
            break
        time.sleep(0.1)
    return told


def check_new_normal(report, server):
    """A person says that the drift is how it will be; a kill forgets nothing, an undo all."""
    before, told = own_findings(server, "batch"), judged_by(server, "batch", None)
    drift = [item["id"] for item in json.loads(server.ask("/api/v1/findings?limit=100"))["items"]
             if item["source"] == "batch" and item["kind"] == "drift"][0]
    said = server.run("mark", drift, "new-normal")
    verdict = said.stdout.decode().split()[1]
    judged_by(server, "batch", verdict)
    server.kill()
    server.start()
    now, states = judged_by(server, "batch", verdict), own_findings(server, "batch")
    report.check("what_is_marked_new_normal_is_expected_and_a_new_reference_is_learnt",
                 now["new_normal"] == verdict and now["state"] == "learning"
                 and set(states.values()) == {"expected"}, (said, now, states))
    server.run("undo", verdict)
    now, states = judged_by(server, "batch", None), own_findings(server, "batch")
    report.check("a_new_normal_that_is_undone_was_never_said",
                 now == told and states == before, (told, now, before, states))


def check_verdict(report, server):
    """Inputs have moved to where the model is sure: no harm."""
    item = json.loads(server.ask("/api/v1/models/batch"))["versions"]
    told = [one for one in item if one["version"] == "1"][0]
    report.check("the_verdict_says_that_inputs_have_moved_and_do_no_harm",
                 told["verdict"] == "harmless covariate" and "moved" in told["reason"], told)
    page = json.loads(server.ask("/api/v1/models/batch/features"))
    states = {item["feature"]: (item["state"], item["together"]) for item in page["items"]}
    report.check("what_drifts_together_is_told_by_one_column",
                 states["x"][0] == states["probability"][0] == "drifting"
                 and states["x"][1] == states["probability"][1] is not None
                 and states["region"] == ("steady", None), states)


def check_answers(report, server):
    page = json.loads(server.ask("/api/v1/models/batch/features"))
    steps = {item["feature"]: [step["effect"] for step in item["steps"] if step["rows"] >= 100]
             for item in page["items"]}
    report.check("the_heat_map_shows_which_column_drifts_and_when",
                 set(steps) == {"x", "region", "prediction", "probability"}
                 and steps["x"][-1] > 0.4 and max(steps["region"]) < 0.3
                 and sorted(steps["x"])[len(steps["x"]) // 2] < 0.2, steps)
    page = json.loads(server.ask("/api/v1/models/batch/quality?metric=accuracy"))
    both = [item for item in page["items"] if item["estimate"] and item["realised"]]
    near = [abs(item["estimate"] - item["realised"]) < 0.1 for item in both]
    report.check("the_estimate_lies_by_what_came_true",
                 len(both) > 10 and sum(near) > 0.9 * len(near), page)
    for path in ("/api/v1/models/none", "/api/v1/models/batch/quality?metric=x"):
        try:
            server.ask(path)
            report.check(f"{path}_is_refused", False)
        except urllib.error.HTTPError as refused:
            report.check(f"{path}_is_refused", refused.code in (400, 404), refused.code)


def check_labels(report, path):
    """What is asked is the same after a kill, and its answers tell of all rows."""
    world = World("asked")
    with Program(path, "--checkpoint", "1s") as server:
        for turn in range(16):
            if turn < 3:
                send_part(server, world, True)
                time.sleep(1.5)  # Memory is shared out at ticks.
            else:
                send(server, "/api/v1/predictions", in_a_batch(world, world.part()),
                     f"asked-{turn}", rows.TYPE)
        learnt(server, 16 * PART)
        ask = "/api/v1/models/asked/questions?count=150&version=1"
        before = json.loads(server.ask(ask))
        server.kill()
        server.start()
        learnt(server, 16 * PART)
        again = json.loads(server.ask(ask))
        numbers = [int(item["id"][1:]) for item in before["items"]]
        report.check("questions_are_the_same_though_the_server_was_killed",
                     len(numbers) == 150 and before["items"] == again["items"]
                     and min(numbers) >= 10 * PART - 1, (before, again))
        send(server, "/api/v1/outcomes", outcomes(world, [(number,) for number in numbers]), "a")
        for _ in range(100):
            told = json.loads(server.ask(ask))["estimates"]
            if told and told[0]["labels"] >= 150:
                break
            time.sleep(0.1)
        report.check("labels_tell_the_accuracy_of_all_rows",
                     told and 0.6 < told[0]["estimate"] < 0.9
                     and told[0]["lower"] < told[0]["estimate"] < told[0]["upper"]
                     and told[0]["rows"] > 4000, told)


def table(world, rows):
    """As a data scientist writes it: with what came true."""
    return ("timestamp,id,x,region,prediction,probability,outcome\n" + "".join(
        f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(world.time(n) / 1e9))},p{n},{x},"
        f"{region},{int(p >= 0.5)},{p},{int(world.truths[n])}\n"
        for n, x, p, region in rows))


def check_given(report, path):
    """A reference from a file: the rows that follow are judged by it at once."""
    world = World("given")
    good = world.parts(3 * PART)
    with Program(path) as server:
        file = server.folder / "good.csv"
        file.write_text(table(world, good))
        told = server.run("model", "reference", "given", "1", str(file))
        report.check("a_table_becomes_the_reference",
                     told.stdout == b"3000 rows are the reference of given 1 now.\n", told)
        time.sleep(1.5)  # Memory is shared out at ticks.
        send_part(server, world, True)
        learnt(server, 4 * PART)
        item = models(server)[0]
        report.check("the_first_row_behind_it_is_judged_by_it", item["state"] == "watched"
                     and item["task"] == "binary" and item["reference_rows"] == 3 * PART
                     and item["delay_s"] is not None and item["drifting"] == 0, item)
        world.shift = 0.3
        send_part(server, world, True)
        learnt(server, 5 * PART)
        time.sleep(1.5)
        own = own_findings(server, "given")
        report.check("what_is_odd_to_it_is_told", len(own) >= 1, own)
        for name, words, word in (
                ("no_table", ("given", "1", str(server.folder / "log")), "table"),
                ("a_column_that_is_not_there", ("--outcome", "truth", "given", "1", str(file)),
                 "truth"),
                ("no_file", ("given",), "good.csv")):
            told = server.run("model", "reference", *words)
            report.check(f"{name}_is_no_reference", told.returncode == 2
                         and word in told.stderr.decode(), told)


def moment(world, number):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(world.time(number) / 1e9))


def check_span(report, path):
    """A reference from a time: what came in it comes once more, and is judged by at once."""
    world = World("span")
    with Program(path) as server:
        for shift in (0.5, 0.0):
            world.shift = shift
            send_part(server, world, True)
        learnt(server, 2 * PART)
        told = server.run("model", "reference", "span", "1", "--segments", "region",
                          "--since", moment(world, PART), "--until", moment(world, 2 * PART))
        report.check("a_time_becomes_the_reference",
                     told.stdout == b"1000 rows are the reference of span 1 now.\n", told)
        learnt(server, 3 * PART)
        again = server.rows("SELECT count(*), count(DISTINCT time), min(prediction), "
                            "max(prediction) FROM predictions WHERE reference")[0]
        report.check("its_rows_are_in_the_journal_like_those_of_a_table",
                     again == [PART, PART, "0", "1"], again)
        time.sleep(1.5)  # Memory is shared out at ticks.
        send_part(server, world, True)
        learnt(server, 4 * PART)
        item = models(server)[0]
        report.check("the_first_row_behind_the_time_is_judged_by_it", item["state"] == "watched"
                     and item["task"] == "binary" and item["reference_rows"] == PART
                     and item["drifting"] == 0, item)
        groups = json.loads(server.ask("/api/v1/models/span/segments"))
        report.check("its_groups_are_those_that_were_named", "north" in json.dumps(groups), groups)
        for name, words, word in (
                ("a_time_without_rows", ("span", "2", "--since", "7d"), "nothing"),
                ("a_time_with_a_table", ("span", "1", "good.csv", "--since", "7d"), "good.csv")):
            told = server.run("model", "reference", *words)
            report.check(f"{name}_is_no_reference", told.returncode == 2
                         and word in told.stderr.decode(), told)


def check_replayed(report, path):
    """What is kept in the lake gives the same when it is learnt again."""
    world = World("again")
    with Program(path, "--checkpoint", "1s") as server:
        for turn in range(14):
            world.shift = 0.3 if turn >= 12 else 0.0
            send_part(server, world, turn % 2 == 0)
        learnt(server, 14 * PART)
        time.sleep(2.5)
        before = sorted((item["id"], item["sentence"]) for item in
                        json.loads(server.ask("/api/v1/findings?limit=100"))["items"])
        server.stop()
        done = server.run("replay")
        again = sorted((item["id"], item["sentence"]) for item in
                       map(json.loads, done.stdout.decode().splitlines()))
        report.check("a_replay_of_the_lake_finds_the_same", before and before == again,
                     (before, done.stdout[-2000:], done.stderr[-500:]))


def main():
    report, path = Report(), sys.argv[1]
    check_killed(report, path)
    check_labels(report, path)
    check_given(report, path)
    check_span(report, path)
    check_replayed(report, path)
    report.finish()


if __name__ == "__main__":
    main()
