#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""trained.py - a dataset frozen, a model trained, promoted, asked and watched, from outside.

    trained.py PROGRAM
"""
import json
import random
import subprocess
import sys
import tempfile
import urllib.error
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Program  # noqa: E402
from recorder import waits  # noqa: E402
from report import Report  # noqa: E402

BUDGET = "2"
FEATURES = """
features:
  - {name: paid, from: events, event: checkout, entity: user, value: amount, aggregate: max,
     window: 1h}
"""


def table(rows, seed):
    rng = random.Random(seed)
    lines = ["hour,pages,region,sold"]
    for hour in range(rows):
        pages, region = rng.randint(0, 20), rng.choice(["north", "south"])
        sold = rng.random() < (.9 if pages > 10 else .6 if region == "south" else .1)
        lines.append(f"{hour},{pages},{region},{'yes' if sold else 'no'}")
    return "\n".join(lines) + "\n"


class Home:
    def __init__(self, program, folder):
        self.program, self.folder = program, Path(folder)

    def run(self, *words):
        return subprocess.run([self.program, *map(str, words), "--data", self.folder / "data"],
                              capture_output=True, text=True, check=False)

    def file(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return self.folder / name


def datasets(report, home):
    first = home.run("dataset", "freeze", home.file("a.csv", table(900, 1)), "--name", "visits")
    again = home.run("dataset", "freeze", home.file("b.csv", table(900, 1).replace(",", ";")),
                     "--name", "visits")
    report.check("the_same_rows_are_the_same_version", first.returncode == 0 and first.stdout ==
                 again.stdout and "there already" in again.stderr, (first, again))
    home.run("dataset", "freeze", home.file("c.csv", table(900, 2).replace("north", "west")),
             "--name", "visits")
    listed = json.loads(home.run("dataset", "list", "--format", "json").stdout)["items"]
    report.check("versions_are_listed", len(listed) == 2
                 and {row["rows"] for row in listed} == {900}
                 and sum(row["latest"] for row in listed) == 1, listed)
    version = first.stdout.strip()
    drifted = home.run("dataset", "diff", version, "visits")
    report.check("two_versions_are_compared_by_the_drift_engine", drifted.returncode == 1
                 and "region" in drifted.stdout, drifted)
    report.check("a_version_is_like_itself",
                 home.run("dataset", "diff", version, version).returncode == 0)
    report.check("a_version_is_verified", home.run("dataset", "verify", version).returncode == 0)
    parquet = home.folder / "visits.parquet"
    done = home.run("dataset", "export", version, "--out", parquet)
    back = home.run("dataset", "freeze", parquet, "--name", "back")
    report.check("what_goes_out_as_parquet_comes_back_as_the_same_version",
                 done.returncode == 0 and parquet.read_bytes()[:4] == b"PAR1"
                 and back.stdout.strip().split("@")[1] == version.split("@")[1], (done, back))
    wrong = home.run("dataset", "show", "vists")
    report.check("an_unknown_name_is_told_with_those_there_are", wrong.returncode == 2
                 and "visits" in wrong.stderr, wrong)
    return version


def models(report, home, version):
    done = home.run("model", "train", "--dataset", version, "--target", "sold", "--budget", BUDGET)
    report.check("a_model_is_trained_and_its_card_told", done.returncode == 0
                 and "beats the baselines: yes" in done.stdout and "log loss" in done.stdout, done)
    page = home.run("model", "show", "visits", "--format", "html").stdout
    report.check("the_card_is_a_page_too", page.startswith("<!doctype html>") and "pages" in page,
                 page[:200])
    wrong = home.run("model", "train", "--dataset", version, "--target", "sould")
    report.check("an_unknown_target_has_the_nearest_named", wrong.returncode == 2
                 and "'sold'" in wrong.stderr, wrong)
    constant = home.file("constant.csv", "x,y\n" + "".join(f"{i},1\n" for i in range(100)))
    home.run("dataset", "freeze", constant, "--name", "constant")
    wrong = home.run("model", "train", "--dataset", "constant", "--target", "y")
    report.check("a_constant_target_is_told", wrong.returncode == 2
                 and "never changes" in wrong.stderr, wrong)
    again = home.run("model", "verify", "visits")
    report.check("training_again_gives_the_same_bytes", again.returncode == 0, again)
    kept = next((home.folder / "data" / "models" / "visits").glob("*/model.bin"))
    whole = kept.read_bytes()
    kept.chmod(0o600)
    kept.write_bytes(whole[:30] + bytes([whole[30] ^ 1]) + whole[31:])
    wrong = home.run("model", "verify", "visits")
    report.check("damage_of_what_is_kept_is_seen", wrong.returncode == 2
                 and "are kept" in wrong.stderr, wrong)
    kept.write_bytes(whole)
    home.run("dataset", "freeze", home.file("a2.csv", table(900, 5)), "--name", "visits2")
    done = home.run("model", "promote", "visits", "--reason", "first", "--author", "ann")
    report.check("it_wants_columns_that_are_there_and_is_promoted", done.returncode == 0
                 and "champion" in done.stdout, done)
    audit = home.run("model", "audit", "visits", "--format", "csv").stdout
    report.check("who_decided_is_kept", "promoted" in audit and "ann" in audit, audit)


def asked(report, home):
    rows = "hour,pages,region\n1,20,north\n2,0,north\n"
    done = home.run("model", "predict", "visits", home.file("now.csv", rows))
    lines = done.stdout.splitlines()
    report.check("a_table_is_answered", done.returncode == 0 and lines[1].startswith("1,yes")
                 and lines[2].startswith("2,no"), done)
    whole, torn = home.folder / "whole.bin", home.folder / "torn.bin"
    home.run("model", "export", "visits", "--out", whole)
    torn.write_bytes(whole.read_bytes()[:50])
    wrong = home.run("model", "import", torn, "--name", "torn")
    report.check("a_torn_model_is_refused", wrong.returncode == 2 and wrong.stderr != "", wrong)


def refusal(server, path, body):
    try:
        server.ask(path, json.dumps(body).encode())
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    return 200, ""


def served(report, server):
    path = "/api/v1/models/visits/predict"
    values = [{"id": f"p{i}", "values": {"hour": i, "pages": i % 21, "region": "north"}}
              for i in range(42)]
    told = json.loads(server.ask(path, json.dumps({"rows": values}).encode()))
    said = told["predictions"]
    report.check("rows_are_answered_by_the_champion", len(said) == 42 and said[20]["id"] == "p20"
                 and said[20]["prediction"] == "yes" and said[0]["prediction"] == "no", said[:3])
    one = json.loads(server.ask(path, json.dumps({"values": values[20]["values"]}).encode()))
    report.check("one_row_is_answered_alike",
                 one["predictions"][0]["probability"] == said[20]["probability"], one)
    status, why = refusal(server, path, {"values": {"pags": 3}})
    report.check("an_unknown_value_has_the_nearest_named", status == 400 and "pages" in why, why)
    status, why = refusal(server, path, {"values": {"pages": "many"}})
    report.check("a_text_is_no_number", status == 400 and "a number" in why, why)
    status, why = refusal(server, "/api/v1/models/nobody/predict", {"values": {}})
    report.check("an_unknown_model_is_404", status == 404, why)
    status, why = refusal(server, path, {"rows": []})
    report.check("no_rows_are_refused", status == 400, why)
    server.learnt()
    listed = json.loads(server.ask("/api/v1/models"))
    watched = [row for row in listed["items"] if row["model"] == "visits"]
    report.check("what_was_said_is_watched", len(watched) == 1
                 and watched[0]["version"] == told["version"]
                 and watched[0]["predictions"] >= 943, watched)
    report.check("with_the_task_that_it_was_trained_for", watched[0]["task"] == "classification"
                 and json.loads(server.ask("/api/v1/models/visits"))["versions"][0]["task"]
                 == "classification", watched)
    trained = [row for row in listed["trained"] if row["name"] == "visits"]
    report.check("the_registry_is_listed", trained[0]["state"] == "champion"
                 and trained[0]["beats"], listed["trained"])


def buyers(rows, seed):
    rng = random.Random(seed)
    lines = ["hour,user,paid,paid.was_missing,paid.age_s,region,sold"]
    for hour in range(rows):
        paid, region = round(rng.random() * 50, 2), rng.choice(["north", "south"])
        known = rng.random() < .8
        sold = rng.random() < (.1 if not known else .95 if paid > 25 else .2)
        told = f"{paid},0,{rng.randint(1, 900)}" if known else ",1,"
        lines.append(f"{hour},u{hour},{told},{region},{'yes' if sold else 'no'}")
    return "\n".join(lines) + "\n"


def of_features(report, home):
    """A model of a feature, promoted once the feature is defined."""
    home.run("dataset", "freeze", home.file("buyers.csv", buyers(900, 7)), "--name", "buyers")
    done = home.run("model", "train", "--dataset", "buyers", "--target", "sold", "--budget",
                    BUDGET, "--drop", "hour")
    wrong = home.run("model", "promote", "buyers")
    report.check("a_model_whose_feature_is_not_defined_is_not_promoted", done.returncode == 0
                 and wrong.returncode == 2 and "wants the feature paid, which is not defined any "
                 "more" in wrong.stderr, (done, wrong))
    (home.folder / "data" / "features").mkdir()
    (home.folder / "data" / "features" / "shop.yaml").write_text(FEATURES, encoding="utf-8")
    done = home.run("model", "promote", "buyers")
    report.check("with_its_feature_it_is", done.returncode == 0, done)


def by_entity(report, server):
    path = "/api/v1/models/buyers/predict"
    waits(lambda: json.loads(server.ask("/api/v1/features"))["items"])
    server.ask("/api/v1/events/checkout", b'[{"user":"u1","amount":45},{"user":"u2","amount":3}]')
    server.learnt()
    body = {"rows": [{"entity": "u1", "id": "e1"}, {"entity": "u2"}, {"entity": "nobody"},
                     {"entity": "u2", "values": {"paid": 45}}, {"values": {"paid": 45}}]}
    told = json.loads(server.ask(path, json.dumps(body).encode()))
    rich, poor, nobody, given, plain = told["predictions"]
    used = rich["features"][0]
    report.check("features_of_an_entity_are_looked_up_and_told", rich["entity"] == "u1"
                 and used["name"] == "paid" and used["value"] == 45 and not used["was_missing"]
                 and 0 <= used["age_s"] < 60 and len(rich["features"]) == 1, rich)
    report.check("and_are_what_the_model_answers_from", rich["prediction"] == "yes"
                 and poor["prediction"] == "no" and poor["features"][0]["value"] == 3, told)
    report.check("what_is_missing_is_told_and_left_to_the_model", nobody["prediction"] == "no"
                 and nobody["features"][0]["was_missing"]
                 and nobody["features"][0]["value"] is None, nobody)
    report.check("a_value_that_is_given_counts_more", given["prediction"] == "yes", given)
    report.check("a_row_without_an_entity_has_no_features", "features" not in plain
                 and "entity" not in plain, plain)
    same = dict(paid=45, region=None)
    same["paid.was_missing"], same["paid.age_s"] = 0, used["age_s"]
    by_values = json.loads(server.ask(path, json.dumps({"values": same}).encode()))
    report.check("the_same_values_give_the_same_answer",
                 by_values["predictions"][0]["probability"] == rich["probability"], by_values)
    for name, model, body, status, words in (
            ("an_entity_that_is_no_text", "buyers", {"entity": 5}, 400, "is to be a text"),
            ("a_row_of_nothing", "buyers", {"rows": [{}]}, 400, 'no \"entity\"'),
            ("a_model_without_features", "visits", {"entity": "u1"}, 400,
             "no column of the model is called like a feature")):
        code, why = refusal(server, f"/api/v1/models/{model}/predict", body)
        report.check(f"{name}_is_refused", code == status and words in json.loads(why)["detail"],
                     why)


def shadow(report, home, server):
    before = json.loads(server.ask("/api/v1/models/visits/predict", b'{"values":{"pages":5}}'))
    home.run("model", "train", "--dataset", "visits2", "--target", "sold", "--name", "visits",
             "--budget", "4", "--seed", "3")
    after = json.loads(server.ask("/api/v1/models/visits/predict", b'{"values":{"pages":5}}'))
    report.check("a_candidate_is_asked_in_shadow", before["shadow"] is None
                 and after["version"] == before["version"] and after["shadow"] is not None, after)
    done = home.run("model", "promote", f"visits@{after['shadow']}")
    now = json.loads(server.ask("/api/v1/models/visits/predict", b'{"values":{"pages":5}}'))
    report.check("a_promotion_counts_at_once", done.returncode == 0
                 and now["version"] == after["shadow"], (done, now))
    home.run("model", "rollback", "visits")
    now = json.loads(server.ask("/api/v1/models/visits/predict", b'{"values":{"pages":5}}'))
    report.check("and_so_does_taking_it_back", now["version"] == before["version"], now)


def main():
    program, report = str(Path(sys.argv[1]).resolve()), Report()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(program, folder)
        version = datasets(report, home)
        home.run("dataset", "freeze", home.folder / "a.csv", "--name", "visits")
        models(report, home, version)
        asked(report, home)
        of_features(report, home)
        with Program(program, data=home.folder / "data") as server:
            served(report, server)
            by_entity(report, server)
            shadow(report, home, server)
    report.finish()


if __name__ == "__main__":
    main()
