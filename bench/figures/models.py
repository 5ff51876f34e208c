# SPDX-License-Identifier: Apache-2.0
"""models.py - what `score --reference` says of tables of predictions, as Python values."""
import csv
import gzip
import io
import statistics
import tempfile
from datetime import date
from pathlib import Path

import baselines
import data
from program import answer, scores

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


def quality_of(program, reference, current, chunk, *options):
    """{metric: [(estimate, lower, upper, realised)]} of whole chunks."""
    found = {}
    for row in scores(program, current, "--quality", "--chunk", chunk, "--reference", reference,
                      *options):
        if int(row["last_row"]) - int(row["first_row"]) + 1 == chunk and row["realised"]:
            numbers = (float(row[key]) for key in ("estimate", "lower", "upper", "realised"))
            found.setdefault(row["metric"], []).append(tuple(numbers))
    return found


def quality(program, name, outcome, chunk=2000):
    return quality_of(program, path_of(f"{name}/reference.csv"), path_of(f"{name}/monitoring.csv"),
                      chunk, "--outcome", outcome)


def mean_error(figures):
    return sum(abs(estimate - real) for estimate, _, _, real in figures) / len(figures)


def held(figures):
    """How many intervals hold what came true."""
    return sum(lower <= real <= upper for _, lower, upper, real in figures)


def reference_quality_of(program, path, *options):
    """{metric: what came true on the whole reference}."""
    rows = scores(program, path, "--quality", "--chunk", 10_000_000, "--reference", path, *options)
    return {row["metric"]: float(row["realised"]) for row in rows}


def reference_quality(program, name, outcome):
    return reference_quality_of(program, path_of(f"{name}/reference.csv"), "--outcome", outcome)


# -- season: bikes, 2011 against 2012, blocks of six hours ------------------------------------

BIKE_COLUMNS = {"temp": "temp", "atemp": "atemp", "hum": "hum", "windspeed": "windspeed",
                "y_pred": "cnt"}
BLOCK_ALPHA = 0.05
SHIFTED_BLOCKS = 13  # Each so many-th is shifted.


class Bike:
    """Hours of 2011 (the reference) and of 2012, with a number for each block of six hours."""

    def __init__(self):
        table = columns_of("bike/hour.csv")
        self.times = [f"{day} {int(hour):02d}:00:00"
                      for day, hour in zip(table["dteday"], table["hr"], strict=True)]
        self.blocks = [date.fromisoformat(day).toordinal() * 4 + int(hour) // 6
                       for day, hour in zip(table["dteday"], table["hr"], strict=True)]
        self.weeks = [block % 28 for block in self.blocks]
        self.columns = {name: list(map(float, table[origin]))
                        for name, origin in BIKE_COLUMNS.items()}
        self.cut = next(i for i, time in enumerate(self.times) if time >= "2012")

    def shifted(self, sigmas):
        """{name: values of 2012}, some blocks `sigmas` higher."""
        moved = {}
        for name, values in self.columns.items():
            by = sigmas * statistics.pstdev(values[:self.cut])
            moved[name] = [value + (by if block % SHIFTED_BLOCKS == 0 else 0) for value, block
                           in zip(values[self.cut:], self.blocks[self.cut:], strict=True)]
        return moved

    def is_shifted(self, row):
        """row: of 2012, from 1."""
        return self.blocks[self.cut + row - 1] % SHIFTED_BLOCKS == 0


def bike_odd(program, bike, where, sigmas=0.0):
    """{signal: share of blocks that are odd at BLOCK_ALPHA}; of all, or of those shifted."""
    good = {name: values[:bike.cut] for name, values in bike.columns.items()}
    good_file = table_file(where, "good.csv", {"timestamp": bike.times[:bike.cut], **good})
    now_file = table_file(where, "now.csv",
                          {"timestamp": bike.times[bike.cut:], **bike.shifted(sigmas)})
    _, text = answer(program, "score", "--quiet", "--reference", good_file, "--blocks", now_file)
    odd = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        if sigmas == 0 or bike.is_shifted(int(row["first_row"])):
            odd.setdefault(row["signal"], []).append(
                10 ** -float(row["surprise"]) <= BLOCK_ALPHA * 1.001)
    return {signal: sum(blocks) / len(blocks) for signal, blocks in odd.items()}


def bike_matched_ks(bike, name, sigmas=0.0):
    """The same of a KS test against the reference's hours of the same place in the week."""
    pools = {}
    for value, week in zip(bike.columns[name][:bike.cut], bike.weeks, strict=False):
        pools.setdefault(week, []).append(value)
    pools = {week: sorted(values) for week, values in pools.items()}
    found = {}
    for row, value in enumerate(bike.shifted(sigmas)[name], 1):
        if sigmas == 0 or bike.is_shifted(row):
            found.setdefault(bike.blocks[bike.cut + row - 1], []).append((row, value))
    odd = [baselines.ks_chance(pools[block % 28], [value for _, value in rows]) < BLOCK_ALPHA
           for block, rows in found.items()]
    return sum(odd) / len(odd)


# -- labels: which rows a person should label --------------------------------------------------

class Asked:
    """One run of `ask`, with the labels that the table has."""

    def __init__(self, program, where, name, outcome, count, seed):
        options = ("--quiet", "--reference", path_of(f"{name}/reference.csv"), "--outcome", outcome)
        path = path_of(f"{name}/monitoring.csv")
        _, asked = answer(program, "ask", *options, "--count", count, "--seed", seed, path)
        table = columns_of(f"{name}/monitoring.csv")
        truth, said = table[outcome], table["y_pred"]
        rows = list(csv.DictReader(io.StringIO(asked, newline="")))
        answers = {key: [row[key] for row in rows] for key in ("row", "probability")}
        answers["outcome"] = [truth[int(row["row"]) - 1] for row in rows]
        filled = table_file(where, "answers.csv", answers)
        _, told = answer(program, "ask", *options, "--answers", filled, path)
        found = next(csv.DictReader(io.StringIO(told, newline="")))
        self.real = sum(float(a) == float(b) for a, b in zip(truth, said, strict=True)) / len(truth)
        self.labels = int(found["labels"])
        self.estimate, self.plain = float(found["estimate"]), float(found["plain"])
        self.holds = float(found["lower"]) <= self.real <= float(found["upper"])
        self.variance = (float(found["upper"]) - float(found["lower"])) ** 2 / 4 / 1.96 ** 2


def saved(runs):
    """Labels drawn blindly for each one that was chosen, from the claimed variances."""
    blind = runs[0].real * (1 - runs[0].real) / (sum(run.labels for run in runs) / len(runs))
    return blind / (sum(run.variance for run in runs) / len(runs))
