#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""stand_in.py - answers as the program does, with little thought: for tests of what reads it.

score: the surprise is the distance from the value before, the alarm twice that.  diff: a finding
for each column in both tables, ranked by the distance of the last values.  A column that tells
labels ends it with an error.
"""
import csv
import json
import sys
from pathlib import Path

TOLD = {"label", "anomaly", "changepoint"}
TIMES = ("timestamp", "index", "datetime", "unix_timestamp")


def columns_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file)
    if TOLD & set(names):
        sys.exit(f"stand_in: {path} tells labels")
    times = next((name for name in names if name in TIMES), None)
    return {name: [float(row[at] or "nan") for row in rows] for at, name in enumerate(names)
            if name != times}


def score(path):
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow("row time signal value expected lower upper surprise alarm".split())
    for name, values in columns_of(path).items():
        for row, value in enumerate(values, 1):
            surprise = abs(value - values[max(row - 2, 0)])
            if surprise == surprise:
                writer.writerow([row, "", name, value, "", "", "", surprise, 2 * surprise])


def diff(good, bad):
    good, bad = columns_of(good), columns_of(bad)
    far = {name: abs(values[-1] - good[name][-1]) for name, values in bad.items() if name in good}
    ranked = sorted((name for name in far if far[name] == far[name]), key=far.get, reverse=True)
    findings = [{"rank": rank, "kind": "value", "signal": name}
                for rank, name in enumerate(ranked, 1)]
    print(json.dumps({"findings": findings}))


def main(command, *words):
    paths = [word for word in words if Path(word).suffix == ".csv"]
    {"score": score, "diff": diff}[command](*paths)


if __name__ == "__main__":
    main(*sys.argv[1:])
