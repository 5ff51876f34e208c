#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""models.py - the tables of models in production: models.py PROGRAM."""
import random
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "figures"))
import baselines  # noqa: E402
import digits  # noqa: E402
import groups  # noqa: E402
import injections  # noqa: E402
import models  # noqa: E402
import regression  # noqa: E402
from program import answer  # noqa: E402
from table import Table, publish  # noqa: E402

CHUNK = 1000


def delays(program):
    """Car loans: rows to the alarm, false alarms in 25,000 rows."""
    table = Table("drift", "Car loans: inputs and errors change at row 25,000",
                  ["signal, by", "rows to the alarm", "false alarms"])
    found = models.carloan(program)
    for signal, rows in sorted(found.items()):
        table.row(f"{signal}, oddball", models.delay(rows), models.false_alarms(rows))
    good = models.columns_of("carloan/reference.csv")
    now = models.columns_of("carloan/monitoring.csv")
    for signal in ("car_value", "debt_to_income_ratio"):
        reference = sorted(map(float, good[signal]))
        rows = list(map(float, now[signal]))
        ways = {"KS p < .05": lambda r, c: baselines.ks_chance(r, c) < 0.05,
                "PSI > .1": lambda r, c: baselines.psi(r, c) > 0.1}
        for name, fires in ways.items():
            alarms = baselines.by_chunks(reference, rows, CHUNK, fires)
            table.row(f"{signal}, {name}, chunks of {CHUNK}", models.delay(alarms),
                      models.false_alarms(alarms))
    errors = [float(a) != float(b) for a, b in zip(now["y_pred"], now["repaid"], strict=True)]
    ways = {"DDM": baselines.ddm(errors), "Page-Hinkley": baselines.page_hinkley(errors),
            "CUSUM .056 to .084": baselines.cusum(errors, 0.056, 0.084, 11.5),
            "every 100 rows": baselines.always(errors)}
    for name, alarms in ways.items():
        table.row(f"errors, {name}", models.delay(alarms), models.false_alarms(alarms))
    table.note("All inputs together: one false alarm in 1,000,000 rows; errors: one in 100,000.")
    return table


def qualities(program):
    table = Table("quality", "Quality without labels, chunks of 2,000 rows: mean error",
                  ["set, metric", "oddball", "as the reference", "intervals that hold", "chunks"])
    for name, outcome in (("carloan", "repaid"), ("hotel", "is_canceled")):
        found = models.quality(program, name, outcome)
        before = models.reference_quality(program, name, outcome)
        for metric, figures in found.items():
            constant = sum(abs(before[metric] - real) for *_, real in figures) / len(figures)
            table.row(f"{name}, {metric}", f"{models.mean_error(figures):.4f}", f"{constant:.4f}",
                      models.held(figures) / len(figures), len(figures))
    table.note("NannyML 0.13, CBPE: car loans accuracy .0041, AUC .0037; hotels accuracy .0049, "
               "AUC .0230, F1 .0283.")
    return table


def windows(program, folder):
    """How often a window is called drifted: oddball diff, KS, PSI."""
    table = Table("windows", "Windows of a normal column against 50,000 rows: share that alarms",
                  ["rows, shift", "oddball", "KS p < .05", "PSI > .1", "windows"])
    rng = random.Random(7)
    reference = [rng.gauss(0, 1) for _ in range(50_000)]
    said = ["1"] * len(reference)
    good = models.table_file(folder, "good.csv", {"x": reference, "y_pred": said})
    for rows, shift, count in ((5_000, 0.0, 40), (5_000, 0.1, 40), (500_000, 0.01, 2)):
        fired = [0, 0, 0]
        for _ in range(count):
            now = [rng.gauss(shift, 1) for _ in range(rows)]
            path = models.table_file(folder, "now.csv", {"x": now, "y_pred": ["1"] * rows})
            status, _ = answer(program, "diff", "--quiet", good, path, good=(0, 1))
            fired[0] += status
            ordered = sorted(reference)
            fired[1] += baselines.ks_chance(ordered, now) < 0.05
            fired[2] += baselines.psi(ordered, now) > 0.1
        table.row(f"{rows}, {shift}", *(one / count for one in fired), count)
    return table


def seasons(program, folder):
    table = Table("season", "Bikes: blocks of six hours of 2012 against 2011, odd at alpha .05",
                  ["column", "false, oddball", "false, KS of the same hours", "2 sigma up, found",
                   "2 sigma down, found", "2 sigma up, KS"])
    bike = models.Bike()
    false, up, down = (models.bike_odd(program, bike, folder, sigmas) for sigmas in (0, 2, -2))
    for name in bike.columns:
        table.row(name, false[name], models.bike_matched_ks(bike, name), up[name], down[name],
                  models.bike_matched_ks(bike, name, 2))
    table.row("all", *(sum(found.values()) / len(found) for found in (false,)), "-",
              *(sum(found.values()) / len(found) for found in (up, down)), "-")
    table.note("One block in 13 is shifted. y_pred is the count of bikes.")
    return table


def labels(program, folder):
    table = Table("labels", "Accuracy from 500 labels that `ask` chose, of 50,000 and 34,938 rows",
                  ["set", "labels saved, times", "mean error", "intervals that hold", "runs"])
    for name, outcome in (("carloan", "repaid"), ("hotel", "is_canceled")):
        runs = [models.Asked(program, folder, name, outcome, 500, seed) for seed in range(5)]
        error = sum(abs(run.estimate - run.real) for run in runs) / len(runs)
        table.row(name, models.saved(runs), f"{error:.4f}",
                  sum(run.holds for run in runs) / len(runs), len(runs))
    table.note("Saved: variance of as many labels drawn blindly, by the one that is claimed.")
    return table


def verdicts(program, folder):
    table = Table("verdicts", "Car loans and hotels with one thing put in: share of right verdicts",
                  ["what", "oddball", "naive", "cases"])
    found = injections.verdicts(program, folder, range(3))
    found["all"] = [case for cases in found.values() for case in cases]
    for what, cases in found.items():
        table.row(what, sum(right == told for right, told, _ in cases) / len(cases),
                  sum(right == naive for right, _, naive in cases) / len(cases), len(cases))
    table.note("8,000 rows of reference, 4,000 of now, drawn from the same months. Naive: accuracy "
               "fell, then it is a concept; else KS of any number, then it is harmless.")
    return table


def concepts(program, folder):
    """Harvard sine: the inputs stay, the rule changes; the model is a table of 20 x 20 cells."""
    table = Table("concepts", "Harvard sine: the rule changes, the inputs do not",
                  ["signal", "rows to the alarm", "false alarms"])
    columns = models.columns_of("streams/harvard_sine_0123_abrupto.csv")
    x, y = (list(map(float, columns[name])) for name in ("X1", "X2"))
    truth = [int(float(cell)) for cell in columns["class"]]
    cells = [(min(int(a * 20), 19), min(int(b * 20), 19)) for a, b in zip(x, y, strict=True)]
    votes = {}
    for cell, outcome in zip(cells[:4000], truth, strict=False):
        votes[cell] = votes.get(cell, 0) + (1 if outcome else -1)
    said = [int(votes.get(cell, 0) > 0) for cell in cells]
    rows = {"X1": x, "X2": y, "y_pred": said, "target": truth}
    good = models.table_file(folder, "good.csv", {k: v[4000:8000] for k, v in rows.items()})
    now = models.table_file(folder, "now.csv", {k: v[8000:18000] for k, v in rows.items()})
    for signal, alarms in models.alarms(program, good, now).items():
        table.row(signal, models.delay(alarms, 2000), models.false_alarms(alarms, 2000))
    table.note("Learnt on 4,000 rows, reference of 4,000; 2,000 rows on, the rule changes.")
    return table


def regressions(program, folder):
    table = Table("regression", f"Errors of numbers without labels, bikes by the hour, chunks of "
                  f"{regression.CHUNK_ROWS} rows",
                  ["sorted by, metric", "mean error, oddball", "as the reference",
                   "of the reference", "intervals that hold", "chunks"])
    for by in ("hr", "atemp"):
        for metric, (figures, before) in regression.compare(program, folder, by).items():
            constant = sum(abs(before - real) for *_, real in figures) / len(figures)
            table.row(f"{by}, {metric}", f"{models.mean_error(figures):.2f}", f"{constant:.2f}",
                      f"{before:.2f}", models.held(figures) / len(figures), len(figures))
    table.note("2011 is dealt out to model, reference and now; now is sorted, so that each chunk "
               "has other inputs. The model: the mean of the hour of a working day or another.")
    return table


def groups_of_rows(program, folder, runs=20):
    table = Table("groups", "Car loans: of one group of four, outcomes are turned round",
                  ["share turned", "found, oddball", "others told", "found, z-test",
                   "others told, z-test", "runs"])
    loans = groups.Loans(folder)
    for share in (0.0, 0.05, 0.1, 0.2):
        ours, test = groups.compare(program, loans, share, runs)
        table.row(share, *ours, *test, runs)
    table.note("8,000 rows of reference, 4,000 of now, six groups of two columns; others told: "
               "share of runs in which a group that was left alone is told. Z-test: share of "
               "errors of each group, then and now, at .05.")
    return table


def snow(program, folder, windows=60):
    """At equal false alarms: KS has the level that as many of the quiet windows are beyond."""
    table = Table("snow", "Pictures of digits, 64 columns, against 1,000: share of windows that "
                  "alarms",
                  ["pictures, what", "oddball", "of it, inputs together", "KS of each, Bonferroni",
                   "windows"])
    pictures = digits.Digits(folder)
    for count, share in ((20, 1), (200, 0.1)):
        false, level = digits.quiet(program, pictures, count, windows)
        table.row(f"{count}, nothing", *false, false[0], windows)
        for what, spoil in (("snow", pictures.snow), ("pixels of others", pictures.mixed)):
            spoilt = [pictures.window(count, share, spoil) for _ in range(windows)]
            table.row(f"{count}, {what} on {share:.0%}",
                      *digits.found(program, pictures, spoilt, level), windows)
            if share < 1:
                table.row(f"{count}, {what} on {share:.0%}, anywhere",
                          *digits.found(program, pictures, digits.shuffled(spoilt), level),
                          windows)
    table.note("Spoilt pictures are the first of their window, or anywhere in it. Snow: a tenth of "
               "the pixels brighter by 1 to 8 of 16. Pixels of others: a quarter of the pixels are "
               "those of other pictures. KS at the level at which it has as many false alarms.")
    return table


def speeds(program):
    bench = Path(program).parent / "bench/model_speed"
    table = Table("speed", "The library, 50 columns, one core", ["what", "figure"])
    if bench.exists():
        done = subprocess.run([bench], capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            table.row(*line.split("\t"))
    return table


def main(program):
    tables = [speeds(program)]
    with models.folder() as folder:
        tables.append(windows(program, folder))
        if models.has_models():
            tables += [delays(program), qualities(program), seasons(program, folder),
                       verdicts(program, folder),
                       labels(program, folder), concepts(program, folder),
                       regressions(program, folder), groups_of_rows(program, folder),
                       snow(program, folder)]
    publish("models", tables)


if __name__ == "__main__":
    main(sys.argv[1])
