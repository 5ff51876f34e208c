#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""metrics.py - the tables of metric series: metrics.py PROGRAM [TABLE...] [--files] [--ours].

All tables are printed and kept in bench/results/; those that are named are printed alone.
--files adds a line for each file, --ours leaves the simple detectors out.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "figures"))
import data  # noqa: E402
import nab  # noqa: E402
import nab_files  # noqa: E402
import volumes  # noqa: E402
from table import Table, mean, publish  # noqa: E402


def nab_table(program, files, simple_too):
    detectors = nab_files.measure(program, simple_too)
    table = Table("nab", "NAB v1.1, 35 of the 58 files: 0 says nothing, 100 is perfect",
                  ["by", *(f"{name}{at}" for at in ("", f" at {nab_files.FIXED:g}")
                           for name in nab.PROFILES), "best threshold", "alarms at it"])
    for detector, of_files in detectors.items():
        if of_files is None:
            table.row(detector, *[None] * 8)
            continue
        figures = nab.figures(of_files, nab_files.FIXED)
        _, threshold, _ = figures["standard"]
        table.row(detector, *(best for best, *_ in figures.values()),
                  *(fixed for *_, fixed in figures.values()), threshold,
                  sum(alarm[0] >= threshold for file in of_files for alarm in file.alarms))
    table.note("From the column alarm, row by row, nothing given but the file.  First at the "
               "threshold that is best over these files, by profile, as NAB has it; then at one "
               "fixed threshold.  Comparable with the other rows alone: published figures are of "
               "all 58 files.")
    return [table, nab_lines(detectors)] if files else [table]


def nab_lines(detectors):
    """What each file brings at the fixed threshold, standard profile, and the alarms there."""
    told = {detector: of_files for detector, of_files in detectors.items() if of_files}
    table = Table("nab_files", f"NAB, file by file: score and alarms at {nab_files.FIXED:g}, and "
                  "at the best threshold, standard profile",
                  ["file", "windows", *(f"{text}{detector}" for detector in told for text in
                                        ("", "alarms, ", "best, ", "best alarms, "))])
    fp, fn = nab.PROFILES["standard"]
    thresholds = {detector: (nab_files.FIXED, nab.optimum(of_files, fp, fn)[1])
                  for detector, of_files in told.items()}
    for number, file in enumerate(next(iter(told.values()), [])):
        cells = []
        for detector, of_files in told.items():
            for threshold in thresholds[detector]:
                cells += [of_files[number].score(threshold, fp, fn),
                          sum(alarm[0] >= threshold for alarm in of_files[number].alarms)]
        table.row(file.name, len(file.windows), *cells)
    return table


def series_table(program, files, simple_too):
    watches = volumes.measure(program, simple_too)
    families = sorted({row["family"] for row, _ in watches})
    tables = []
    for at, figure in enumerate(volumes.FIGURES):
        table = Table("series", f"Labelled series: {figure}",
                      ["by", *families, "mean of all"])
        for detector in watches[0][1]:
            of_family = {family: [] for family in families}
            for row, told in watches:
                of_family[row["family"]].append([told[detector] and told[detector][at]])
            every = [cell for cells in of_family.values() for cell in cells]
            table.row(detector, *(mean(cells)[0] for cells in of_family.values()), mean(every)[0])
        tables.append(table)
    tables[-1].note("From the column surprise, one file at a time, all rows of it.  VUS-PR as in "
                    "TSB-AD, buffers up to the period of the file.  Best F1: at the best threshold "
                    "for each file, no point adjustment.  top-1: share of UCR files whose oddest "
                    f"row after the split is within {volumes.NEAR} rows of the anomaly.")
    return [*tables, series_lines(watches)] if files else tables


def series_lines(watches):
    detectors = list(watches[0][1])
    table = Table("series_files", "Labelled series, file by file: " + ", ".join(volumes.FIGURES),
                  ["file", *(f"{figure}, {detector}" for detector in detectors
                             for figure in volumes.FIGURES)])
    for row, told in sorted(watches, key=lambda watch: watch[0]["file"]):
        cells = [cell for detector in detectors
                 for cell in told[detector] or [None] * len(volumes.FIGURES)]
        table.row(row["file"], *cells)
    return table


TABLES = {"nab": nab_table, "series": series_table}


def main(program, *words):
    if not data.has_metrics():
        print("skipped: no data")
        return
    options = {word for word in words if word.startswith("--")}
    names = [word for word in words if word not in options]
    tables = []
    for name in names or TABLES:
        made = TABLES[name](program, "--files" in options, "--ours" not in options)
        if names or options:
            print("\n".join(table.text() for table in made), flush=True)
        tables += made
    if not names and not options:
        publish("metrics", tables)


if __name__ == "__main__":
    main(*sys.argv[1:])
