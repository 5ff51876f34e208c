#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""learn.py - training and asking of models: learn.py PROGRAM.

Rows in the order of time; the last fifth of them is the test of both, and what is told of it was
measured once.  The tables are development data."""
import csv
import gzip
import io
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "figures"))
from data import DATA  # noqa: E402
from table import Table, publish  # noqa: E402

BUDGET, AGAIN = "1000", 20

# name: files, target, time ("": the order of the rows), columns to leave out, objective.
SETS = {
    "bike, hourly rentals": (["models/bike/hour.csv.gz"], "cnt", "dteday",
                             ["casual", "registered", "instant"], "reg:squarederror"),
    "hotel, cancelled": (["models/hotel/monitoring.csv.gz"], "is_canceled", "timestamp",
                         ["y_pred", "y_pred_proba", "Index"], "binary:logistic"),
    "car loans, repaid": (["models/carloan/reference.csv.gz"], "repaid", "timestamp",
                          ["y_pred", "y_pred_proba"], "binary:logistic"),
    "stream, four concepts": (["models/streams/harvard_sine_0123_abrupto.csv.gz"], "class", "",
                              [], "binary:logistic"),
    "digits": (["models/digits/digits.csv"], "label", "", [], "multi:softprob"),
}


def rows_of(files):
    rows = []
    for name in files:
        path = DATA / name
        raw = gzip.open(path, "rt") if name.endswith(".gz") else open(path, encoding="utf-8")
        with raw as lines:
            rows += list(csv.DictReader(lines))
    return rows


def run(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, arguments))}: {done.stderr}")
    return done.stdout


def freeze(program, folder, name, rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / f"{name}.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    run(program, "dataset", "freeze", path, "--name", name, "--data", folder / "data")


def train(program, folder, name, entry, budget=BUDGET):
    _, target, _, left_out, objective = entry
    flags = ["--drop", ",".join(left_out)] if left_out else []
    flags += ["--task", "regression" if objective.startswith("reg") else "classification"]
    begun = time.monotonic()
    card = run(program, "model", "train", "--dataset", name, "--target", target, "--budget", budget,
               "--format", "json", "--data", folder / "data", *flags)
    return time.monotonic() - begun, json.loads(card)["card"]


def value(card, part, name):
    return next((row["value"] for row in card if row["part"] == part and row["name"] == name), None)


def numbers_file(path, rows, entry):
    """The label first; texts as numbers in the order in which they came.  Gives the classes."""
    _, target, when, left_out, objective = entry
    columns = [name for name in rows[0] if name not in (target, when, *left_out)]
    labels = sorted({row[target] for row in rows}, key=float)
    codes = {name: {} for name in columns}

    def number(name, text):
        try:
            return str(float(text)) if text else ""
        except ValueError:
            return str(codes[name].setdefault(text, len(codes[name])))
    is_number = objective.startswith("reg")
    with path.open("w", encoding="utf-8") as out:
        for row in rows:
            label = row[target] if is_number else str(labels.index(row[target]))
            out.write(",".join([label, *(number(name, row[name]) for name in columns)]) + "\n")
    return 0 if is_number else len(labels)


def qualities(program, alone, folder):
    table = Table("learn",
                  "The last fifth of the rows, in the order of time: loss, seconds of training",
                  ["table (loss)", "oddball", "XGBoost's defaults", "constant", "last value",
                   "seconds", "XGBoost's seconds"])
    speeds = Table("learn", "A single row, in microseconds: XGBoost's own models of above",
                   ["table", "trees", "oddball", "XGBoost's C API"])
    for number, (title, entry) in enumerate(SETS.items()):
        rows = rows_of(entry[0])
        if entry[2]:
            rows.sort(key=lambda row, when=entry[2]: row[when])
        name = f"set{number}"
        freeze(program, folder, name, rows)
        spent, card = train(program, folder, name, entry)
        classes = numbers_file(folder / "numbers.csv", rows, entry)
        metric = "log loss" if classes else "rmse"
        model = folder / f"{name}.json"
        told = run(alone, folder / "numbers.csv", str(len(rows) * 4 // 5), entry[4], str(classes),
                   model).split()
        table.row(f"{title} ({metric})", value(card, "metric", metric), float(told[1]),
                  value(card, "baseline", f"constant: {metric}"),
                  value(card, "baseline", f"last value: {metric}"), f"{spent:.1f}",
                  f"{float(told[0]):.1f}")
        run(program, "model", "import", model, "--name", f"other{number}",
            "--data", folder / "data")
        shown = json.loads(run(program, "model", "show", f"other{number}", "--format", "json",
                               "--data", folder / "data"))["card"]
        trees = len(json.loads(model.read_text())["learner"]["gradient_booster"]["model"]["trees"])
        speeds.row(title, trees, value(shown, "speed", "microseconds for one row, here and now"),
                   float(told[2]))
    table.note(f"oddball: a search of {BUDGET} units of work, one thread; XGBoost: 100 rounds of "
               "0.3, depth 6, one thread, texts as numbers, trained on all rows before the test "
               "(oddball leaves a gap). The seconds of oddball include reading "
               "the rows and the card.")
    speeds.note("Best of many batches, in one thread; XGBoosterPredictFromDense.")
    return [table, speeds]


def repeated(program, folder):
    table = Table("learn", f"{AGAIN} trainings from the same table, each in a folder of its own",
                  ["table", "different models", "seconds each"])
    title, entry = next(iter(SETS.items()))
    rows = rows_of(entry[0])[:4000]
    versions, seconds = set(), 0.0
    for _ in range(AGAIN):
        with tempfile.TemporaryDirectory() as other:
            freeze(program, Path(other), "again", rows)
            spent, _ = train(program, Path(other), "again", entry, "60")
            model, = (Path(other) / "data/models/again").glob("????????????????")
            versions.add((model / "model.bin").read_bytes())
            seconds += spent
    table.row(f"{title}, 4,000 rows", len(versions), f"{seconds / AGAIN:.2f}")
    return table


def main():
    program = str(Path(sys.argv[1]).resolve())
    if DATA is None or not (DATA / "models/bike").is_dir():
        print("learn: skipped: no data")
        return
    alone = str(Path(program).parent / "bench/xgboost_alone")
    with tempfile.TemporaryDirectory() as folder:
        tables = qualities(program, alone, Path(folder))
        publish("learn", [*tables, repeated(program, Path(folder))])


if __name__ == "__main__":
    main()
