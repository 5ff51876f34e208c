#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""features.py - features of a whole server: read online as soon as facts are there, the same after
a kill, the same out of history, and the same in a table that is made for labels.

    features.py PROGRAM
"""
import csv
import json
import random
import sys
import time
import urllib.error
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Program  # noqa: E402
from recorder import waits  # noqa: E402
from report import Report  # noqa: E402

SEED = 7
USERS = 6
DEFINITIONS = """
features:
  - {name: errors_5m, from: logs, source: shop, entity: user, filter: {level: error},
     aggregate: count, window: 5m}
  - {name: lines_5m, from: logs, source: shop, entity: user, aggregate: count, window: 5m}
  - {name: error_ratio, from: features, ratio: errors_5m / lines_5m}
  - {name: ms_p90, from: logs, entity: user, value: ms, aggregate: quantile, quantile: 0.9,
     window: 5m, impute: median}
  - {name: paid_1h, from: events, event: checkout, entity: user, value: amount, aggregate: sum,
     window: 1h, unit: EUR, owner: shop, description: what a user has paid}
  - {name: items, from: events, event: checkout, entity: user, value: item, aggregate: distinct,
     window: 1h}
  - {name: load_last, from: metrics, series: load, entity: user, aggregate: last, window: 10m}
"""
WRONG = """
features:
  - {name: a, from: logs, agregate: count, window: 5m}
  - {name: b, from: features, ratio: a / eror}
  - {name: c, from: features, total: d d}
  - {name: d, from: features, total: c c}
  - {name: e, from: logs, aggregate: count, window: 400d}
"""


def values(server, user, names=""):
    path = f"/api/v1/features/{user}" + (f"?names={names}" if names else "")
    answer = json.loads(server.ask(path))
    return answer, {item["name"]: item["value"] for item in answer["features"]}


def refused(server, path, body=None):
    try:
        server.ask(path, body)
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read().decode()
    return 200, ""


def send(server, rng):
    lines, events, samples = [], [], []
    for _ in range(40):
        user, now = f"u{rng.randrange(USERS)}", time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now - rng.random() * 60))
        lines.append(f"{stamp}Z {rng.choice(['ERROR', 'INFO'])} user={user} "
                     f"ms={rng.random() * 300:.2f} request {rng.choice(['served', 'refused'])}\n")
        events.append({"user": user, "amount": round(rng.random() * 50, 2),
                       "item": f"i{rng.randrange(20)}"})
        samples.append(f'load{{user="{user}"}} {rng.random():.4f} {int(now * 1000)}\n')
    server.ask("/ingest?source=shop", "".join(lines).encode())
    server.ask("/api/v1/events/checkout", json.dumps(events).encode())


def checked(report, server):
    (server.folder / "wrong.yaml").write_text(WRONG)
    done = server.run("feature", "check", str(server.folder / "wrong.yaml"), "--retention", "30d")
    said = done.stderr.decode()
    report.check("a_file_of_mistakes_is_refused", done.returncode == 2, said)
    for name, part in (
            ("with_the_nearest_word", "wrong.yaml:3: of the feature a: the member \"agregate\" is "
                                      "not known; did you mean aggregate?"),
            ("with_features_that_are_missing", "there is no feature eror"),
            ("with_cycles", "of the feature c: it is made of itself"),
            ("with_windows_beyond_the_retention", "400 days back, and the lake keeps 30")):
        report.check(f"a_mistake_is_told_{name}", part in said, said)
    done = server.run("feature", "check")
    report.check("the_folder_of_the_server_is_fine",
                 done.stdout == b"7 features, nothing wrong.\n", (done.stdout, done.stderr))


def read_online(report, server, rng):
    waits(lambda: json.loads(server.ask("/api/v1/features"))["items"])
    items = json.loads(server.ask("/api/v1/features"))["items"]
    report.check("definitions_are_listed", [item["name"] for item in items][:2] ==
                 ["errors_5m", "lines_5m"] and items[4]["unit"] == "EUR", items)
    began = time.monotonic()
    server.ask("/api/v1/events/checkout", b'{"user":"first","amount":3.5,"item":"x"}')
    soon = waits(lambda: values(server, "first", "paid_1h")[1]["paid_1h"] == 3.5)
    took = time.monotonic() - began
    report.check("an_event_is_readable_before_the_next_tick", soon and took < 0.9, f"{took:.3f} s")
    for _ in range(10):
        send(server, rng)
    server.learnt()
    _, told = values(server, "u1")
    report.check("values_are_there", told["paid_1h"] > 0 and 0 < told["error_ratio"] < 1 and
                 told["items"] > 5, told)
    status, words = refused(server, "/api/v1/features/u1?names=paid_1")
    report.check("an_unknown_feature_is_404_with_the_nearest",
                 status == 404 and "did you mean paid_1h?" in words, words)
    report.check("a_moment_before_the_last_event_is_refused",
                 refused(server, "/api/v1/features/u1?as_of=2020-01-01")[0] == 400)
    report.check("an_event_that_is_none_is_refused",
                 refused(server, "/api/v1/events/checkout", b"[1]")[0] == 400)
    body = json.dumps({"entities": ["u1", "nobody"], "names": ["paid_1h", "ms_p90"]}).encode()
    items = json.loads(server.ask("/api/v1/features:read", body))["items"]
    report.check("a_batch_has_all_entities", len(items) == 2 and
                 items[0]["features"][0]["value"] == told["paid_1h"], items)
    report.check("what_nobody_knows_is_imputed_and_says_so",
                 items[1]["features"][1]["was_missing"] and items[1]["features"][1]["value"] > 0 and
                 items[1]["features"][1]["age_s"] is None, items)


def made(server, labels, *flags):
    path, out = server.folder / "labels.csv", server.folder / "out.csv"
    path.write_text("time,user,label\n" + "".join(f"{t},{u},{n}\n" for n, (t, u) in
                                                  enumerate(labels)))
    done = server.run("dataset", "make", "--labels", str(path), "--out", str(out), *flags)
    rows = list(csv.DictReader(out.open())) if done.returncode == 0 else []
    out.unlink(missing_ok=True)
    return done, rows


def tables(report, server, rng):
    asked = []
    for _ in range(6):
        send(server, rng)
        server.learnt()
        time.sleep(0.05)
        for user in ("u1", "u4", "nobody"):
            asked.append(values(server, user))
    labels = [(answer["as_of"], answer["entity"]) for answer, _ in asked]
    done, rows = made(server, labels)
    differ = [(name, row[name], told[name]) for row, (_, told) in zip(rows, asked)
              for name in told if row[name] != ("" if told[name] is None else row[name]) or
              (told[name] is not None and float(row[name]) != told[name])]
    report.check("a_table_for_labels_has_the_bits_that_were_read_online",
                 len(rows) == len(asked) and not differ, (differ[:5], done.stderr))
    done, again = made(server, labels)
    report.check("made_again_it_is_the_same", again == rows, done.stderr)
    done, rows = made(server, labels + [("2035-01-01T00:00:00Z", "u1")], "--features", "paid_1h",
                      "--plain", "--as-of", "event")
    report.check("labels_in_the_future_are_left_out_and_told",
                 len(rows) == len(labels) and b"lie in the future" in done.stderr, done.stderr)
    report.check("columns_can_be_chosen", list(rows[0]) == ["time", "user", "label", "paid_1h"],
                 rows[:1])
    for name, flags, part in (("feature", ("--features", "paid1h"), b"did you mean paid_1h?"),
                              ("option", ("--as-of", "yesterday"), b"known")):
        done, _ = made(server, labels, *flags)
        report.check(f"an_unknown_{name}_is_refused", done.returncode == 2 and part in done.stderr,
                     done.stderr)
    done, _ = made(server, [labels[0], labels[0]])
    report.check("a_label_that_comes_twice_is_refused",
                 done.returncode == 2 and b"the same time and entities" in done.stderr, done.stderr)
    done = server.run("dataset", "make", "--labels", str(server.folder / "labels.csv"), "--out",
                      "/dev/full/x.csv")
    report.check("what_cannot_be_written_leaves_nothing", done.returncode == 2, done.stderr)


def chosen(report, server):
    other = server.folder / "other.yaml"
    other.write_text(DEFINITIONS + "  - {name: visits_1h, from: events, event: visit, "
                     "entity: guest, aggregate: count, window: 1h}\n")
    labels, flags = [("2026-11-28T01:00:00Z", "u1")], ("--definitions", str(other))
    done, rows = made(server, labels, "--features", "paid_1h", *flags)
    report.check("labels_need_the_fields_of_the_features_that_are_chosen",
                 done.returncode == 0 and len(rows) == 1, done.stderr)
    done, _ = made(server, labels, *flags)
    report.check("of_all_features_they_need_all_fields",
                 done.returncode == 2 and b"no column guest" in done.stderr, done.stderr)


def verified(report, server, name):
    done = server.run("feature", "verify")
    report.check(name, done.returncode == 0 and b": 0 differ." in done.stdout,
                 (done.stdout, done.stderr))


def main():
    report, rng = Report(), random.Random(SEED)
    server = Program(sys.argv[1], "--checkpoint", "1s")
    (server.data / "features").mkdir(parents=True)
    (server.data / "features" / "shop.yaml").write_text(DEFINITIONS)
    with server:
        checked(report, server)
        read_online(report, server, rng)
        tables(report, server, rng)
        chosen(report, server)
        verified(report, server, "online_and_offline_differ_in_no_bit")
        before = [values(server, f"u{u}")[1]["paid_1h"] for u in range(USERS)]
        server.kill()
        server.start()
        server.learnt()
        after = [values(server, f"u{u}")[1]["paid_1h"] for u in range(USERS)]
        report.check("a_kill_changes_no_value", before == after, (before, after))
        verified(report, server, "nor_does_it_make_online_and_offline_differ")
    report.finish()


if __name__ == "__main__":
    main()
