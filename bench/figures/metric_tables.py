# SPDX-License-Identifier: Apache-2.0
"""metric_tables.py - what is measured of metric series, as tables: each function makes some.

Arguments: the program, whether a line for each file is wanted, whether the simple detectors run.
"""
import clean
import nab
import nab_files
import petshop
import skab
import smd
import volumes
import watched
from table import Table, mean

WEEK_SERIES = (100, 1000, 10000)
SPEED_SERIES = (1000, 100000, 1000000)


def of_nab(program, files, simple_too):
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


def of_series(program, files, simple_too):
    watches = volumes.measure(program, simple_too)
    families = sorted({row["family"] for row, _ in watches})
    tables = []
    for at, figure in enumerate(volumes.FIGURES):
        table = Table("series", f"Labelled series: {figure}", ["by", *families, "mean of all"])
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


def of_smd(program, _, simple_too):
    """Each file has its line anyway: there are four."""
    watches = smd.measure(program, simple_too)
    table = Table("smd", "SMD: servers of 38 metrics, test part",
                  ["by", *(f"best F1 {name.removeprefix('machine-')}" for name, _ in watches),
                   "mean", "HitRate@100%", "HitRate@150%"])
    for detector in watches[0][1]:
        rows = [told[detector] or [None] * 3 for _, told in watches]
        table.row(detector, *(row[0] for row in rows), *mean(rows))
    table.note(f"A minute's score is the mean of its {smd.TOP} largest surprises; together: what "
               "the program says of the row.  Best F1: at the best threshold for that server, no "
               "point adjustment.  HitRate@100%: of n metrics that are said to be affected in a "
               "segment, the share among the n that surprise most (or have most of it) in it; "
               "150%: among half as many again.")
    return [table]


def of_skab(program, _, simple_too):
    watches = skab.measure(program, simple_too)
    table = Table("skab", "SKAB: 34 runs with faults, 8 sensors",
                  ["by", *(f"{name}{at}" for at in ("", f" at {skab.FIXED:g}")
                           for name in skab.PROFILES), f"alarms at {skab.FIXED:g}",
                   "best F1", f"F1 at {skab.FIXED:g}", "FAR", "MAR"])
    for detector in watches[0][-1]:
        if any(merged[detector] is None for *_, merged in watches):
            table.row(detector, *[None] * 11)
            continue
        best, _ = skab.changes_found(watches, detector, skab.best_threshold(watches, detector))
        fixed, alarm_count = skab.changes_found(watches, detector, skab.FIXED)
        table.row(detector, *best.values(), *fixed.values(), alarm_count,
                  skab.best_f1(watches, detector), *skab.outliers(watches, detector, skab.FIXED))
    table.note("Changes, by the rule of SKAB: 0 says nothing, 100 tells each change at once; "
               f"windows of {skab.WINDOW_S} s after a change.  From the largest alarm of a row's "
               "sensors, at the best threshold, then at a fixed one.  Outliers, row by row: F1, "
               "false and missing alarm rate, from the largest surprise.")
    return [table]


def of_petshop(program, files, simple_too):
    watches = petshop.measure(program, simple_too)
    table = Table("petshop", f"PetShop: the cause of {len(watches)} faults", ["by",
                                                                           *petshop.FIGURES])
    names = [petshop.OURS, *(name for name in watches[0][1] if name != petshop.OURS)]
    for detector in names:
        if any(detector not in ranks for _, ranks in watches):
            table.row(detector, *[None] * len(petshop.FIGURES))
        else:
            table.row(detector, *petshop.figures([ranks[detector] for _, ranks in watches]))
    table.note("44 services are ranked by the first of their metrics; top-k: the cause is among "
               "the first k.  oddball diff of the recording without an issue and the five rows of "
               "the issue.")
    lines = Table("petshop_files", "PetShop: place of the cause", ["issue", *names])
    for name, ranks in watches:
        lines.row(name, *(ranks.get(detector) for detector in names))
    return [table, lines] if files else [table]


def of_clean(program, _, simple_too):
    classes = clean.measure(program, simple_too)
    detectors = list(next(iter(classes.values())))
    table = Table("clean", "Clean series: share of rows whose chance is below, in units of what "
                  "it should be", ["series", "rows",
                                   *(f"{share:.0e}, {detector}" for detector in detectors
                                     for share in clean.SHARES)])
    for name, told in classes.items():
        rows = next((figures[0] for figures in told.values() if figures), None)
        table.row(name, rows, *(figures and figures[at] / share for figures in told.values()
                                for at, share in enumerate(clean.SHARES, 1)))
    table.note("1 is calibrated, 2 is twice as many odd rows as claimed.  The first "
               f"{clean.WARM_UP:,} rows are not counted.  shuffled: the longest stretch of a real "
               "series without a label, its rows in an order drawn by lot.")
    return [table]


def of_week(program, _, simple_too):
    table = Table("week", "A week of clean series: findings of scan",
                  ["series", "findings", "a day", "a day, z-score at 6"])
    for count in WEEK_SERIES:
        told, plain = clean.week(program, count, simple_too)
        table.row(f"{count:,}", told, told / clean.WEEK_DAYS,
                  None if plain is None else plain / clean.WEEK_DAYS)
    table.note("Ten classes of series in turn, a row every 5 minutes; the budget is 10 findings a "
               "day.  z-score: runs of rows that are more than 6 deviations from the mean of the "
               "last 1,000.")
    return [table]


def of_speed(program, _, simple_too):
    table = Table("series_speed", "Watching many series, through oddball.h, on one thread",
                  ["by", "series", "ns a sample", "bytes a series", "bytes of what is learnt"])
    for name, words in (("oddball.h", ()), ("a fading mean and deviation", ("plain",))):
        for count in SPEED_SERIES if simple_too or not words else ():
            cells = watched.helper(program, "series_speed", count, *words, lines=())
            told = dict(zip(cells[::2], cells[1::2], strict=True))
            table.row(name, f"{count:,}", *(f"{float(told[key]):,.0f}" for key in
                                            ("ns_a_sample", "bytes_a_series", "snapshot_bytes")))
    table.note("A sample to each series in turn, every 10 s of their time; processor time, after "
               "a while of learning: on a busy machine it is more.  bytes a series: resident "
               "memory.")
    return [table]
