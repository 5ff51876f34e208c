# SPDX-License-Identifier: Apache-2.0
"""models.py - what `score --reference` says of tables of predictions, as Python values."""
import csv
import gzip
import io
import tempfile
from pathlib import Path

import data
from program import answer

MODELS = data.DATA / "models"
CARLOAN_CHANGE = 25_000  # Rows of monitoring before the inputs change.
CARLOAN_QUIET = ("debt_to_income_ratio", "driver_tenure", "size_of_downpayment")


def has_models():
    return (MODELS / "carloan").is_dir()


def path_of(name):
    """The file, or its twin with .gz."""
    path = MODELS / name
    return path if path.exists() else Path(f"{path}.gz")


def alarms(program, reference, current, *options):
    """{signal: rows at which something new begins}."""
    _, text = answer(program, "score", "--quiet", "--reference", reference, *options, current)
    found = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        found.setdefault(row["signal"], [])
        if float(row["alarm"]) > 0:
            found[row["signal"]].append(int(row["row"]))
    return found


def carloan(program):
    return alarms(program, path_of("carloan/reference.csv"), path_of("carloan/monitoring.csv"),
                  "--outcome", "repaid")


def delay(rows, change=CARLOAN_CHANGE):
    """Rows from the change to the first alarm behind it; None if there is none."""
    behind = [row - change for row in rows if row > change]
    return min(behind) if behind else None


def false_alarms(rows, change=CARLOAN_CHANGE):
    return sum(row <= change for row in rows)


def columns_of(name):
    text = gzip.decompress(path_of(name).read_bytes()).decode("utf-8")
    names, *rows = csv.reader(io.StringIO(text, newline=""))
    return {name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)}


def table_file(folder, name, columns):
    """A CSV of {name: cells} in a folder."""
    path = Path(folder, name)
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def folder():
    return tempfile.TemporaryDirectory(prefix="oddball-models-")
