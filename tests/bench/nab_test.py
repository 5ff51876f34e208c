#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""nab_test.py - the scorer of NAB scores as numenta/NAB does: nab_test.py PROGRAM.

nab_published.csv has what numenta/NAB publishes in results/windowedGaussian/*_scores.csv (commits
de8e91a, bf2de21) for the files that are here: at threshold 1.0, rows that were right and wrong and
the score in each profile.  Its detector is done again with bench/simple.c; scores were stored with
12 digits.
"""
import csv
import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / "bench/figures"), str(ROOT / "tests/tools")]
import data  # noqa: E402
import nab  # noqa: E402
import nab_files  # noqa: E402
from report import Report  # noqa: E402

NEAR = 1e-9


def near(value, expected):
    return math.isclose(value, expected, rel_tol=NEAR, abs_tol=NEAR)


def file(alarms, windows=((100, 109),), row_count=200):
    return nab.File("made", row_count, windows, alarms)


def check_worth(report):
    rows = nab.worth(200, [(100, 109)])
    edge = 2 / (1 + math.exp(-5)) - 1
    report.check("the_first_15_percent_is_not_scored", rows[:31].count(None) == 30)
    report.check("of_a_long_file_750_rows_are_not_scored", nab.probation(40000) == 750)
    report.check("an_alarm_at_the_left_edge_is_worth_1", near(rows[100][1], 1), rows[100])
    report.check("an_alarm_in_the_middle_is_worth_less",
                 near(rows[105][1], (2 / (1 + math.exp(-2.5)) - 1) / edge), rows[105])
    report.check("an_alarm_at_the_right_edge_is_worth_a_little",
                 near(rows[109][1], (2 / (1 + math.exp(-0.5)) - 1) / edge), rows[109])
    report.check("an_alarm_with_no_window_before_costs_all", rows[99] == (None, -1.0), rows[99])
    report.check("an_alarm_one_width_behind_costs_nearly_all",
                 near(rows[118][1], 2 / (1 + math.exp(5)) - 1), rows[118])
    report.check("an_alarm_three_widths_behind_costs_all", rows[136] == (None, -1.0), rows[136])


def check_score(report):
    early, late = nab.worth(200, [(100, 109)])[101][1], nab.worth(200, [(100, 109)])[108][1]
    report.check("the_earliest_alarm_of_a_window_counts_alone",
                 near(file({108: 5, 101: 5}).score(3, 0.11, 1), early))
    report.check("an_alarm_below_the_threshold_is_none",
                 near(file({108: 5, 101: 2}).score(3, 0.11, 1), late))
    report.check("alarms_outside_are_summed", near(file({40: 5, 50: 5}).score(3, 0.11, 1), -1.22))
    report.check("alarms_in_probation_are_nothing", near(file({3: 9}).score(3, 0.11, 2), -2))
    missed = file({}, windows=[(3, 9), (100, 109)]).score(3, 0.11, 1)
    report.check("a_window_in_probation_can_not_be_missed", near(missed, -1), missed)
    perfect = [file({100: 4})]
    for profile, (fp, fn) in nab.PROFILES.items():
        name = profile.replace(" ", "_")
        report.check(f"all_windows_at_once_is_100_for_{name}",
                     near(nab.figures(perfect, 3)[profile][2], 100))
        report.check(f"silence_is_0_for_{name}",
                     near(nab.normalised(file({}).score(3, fp, fn), [file({})], fn), 0))


def check_optimum(report):
    files = [file({100: 4, 50: 2, 60: 2}), file({40: 9, 102: 3}), file({20: 1})]
    for profile, (fp, fn) in nab.PROFILES.items():
        best, threshold = nab.optimum(files, fp, fn)
        sums = {at: sum(one.score(at, fp, fn) for one in files) for at in (1, 2, 3, 4, 9, 10)}
        report.check(f"the_best_threshold_is_that_of_all_tried_for_{profile.replace(' ', '_')}",
                     near(best, max(sums.values())) and near(sums[threshold], best),
                     f"{best} at {threshold}, {sums}")


def check_published(report, program):
    with open(HERE / "nab_published.csv", encoding="utf-8", newline="") as rows:
        published = {row["file"]: row for row in csv.DictReader(rows)}
    for name, times, values, windows in data.nab():
        deviations = nab_files.gaussian(program, values)
        strengths = [float(f"{1 - math.erfc(z / math.sqrt(2)) / 2:.12g}") for z in deviations]
        one = nab.File(name, len(times), nab.window_rows(times, windows),
                       dict(enumerate(strengths)))
        said = [window for strength, window, _ in one.alarms if strength >= 1]
        expected = published[name]
        wrong = said.count(None)
        report.check(f"right_and_wrong_rows_of_{Path(name).stem}_are_as_published",
                     [len(said) - wrong, wrong] == [int(expected["right"]), int(expected["wrong"])],
                     f"{len(said) - wrong} right, {wrong} wrong, {expected}")
        scores = {profile: one.score(1.0, *costs) for profile, costs in nab.PROFILES.items()}
        report.check(f"scores_of_{Path(name).stem}_are_as_published",
                     all(near(scores[profile], float(expected[profile])) for profile in scores),
                     f"{scores}, {expected}")


def main(program):
    report = Report()
    check_worth(report)
    check_score(report)
    check_optimum(report)
    if data.has_metrics():
        check_published(report, program)
    else:
        report.skip("scores_are_as_published", "no data")
    report.finish()


if __name__ == "__main__":
    main(sys.argv[1])
