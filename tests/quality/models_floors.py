#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""models_floors.py - drift and quality of models are told at least as well as written.

Reached when it was written: car_value 75 rows after the change, errors 1,016, no false alarm;
estimates off by .0041 .0037 .0038 (car loans), .0049 .0230 .0283 (hotels);
95.7 % of intervals hold, of each figure 92 % at least; of blocks of six hours 4.2 to 5.6 % are odd
at alpha .05 without a change, and 89 % of those that are 2 sigma off.
"""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "bench/figures"), str(ROOT / "tests/tools")]
import digits  # noqa: E402
import groups  # noqa: E402
import injections  # noqa: E402
import models  # noqa: E402
import regression  # noqa: E402
from report import Report  # noqa: E402

INPUT_ROWS, ERROR_ROWS, LABELS_SAVED = 150, 1500, 5
SEASON_FALSE_MOST, SEASON_FOUND = 0.075, 0.85  # 1.5 times alpha; of all columns.
# Mean errors of chunks of 2,000 rows: those of NannyML 0.13 (CBPE), rounded as it is printed.
ERROR_MOST = {"carloan": {"accuracy": 0.00415, "auc": 0.00375, "f1": 0.00385},
              "hotel": {"accuracy": 0.00495, "auc": 0.02305, "f1": 0.02835}}


def check_carloan(report, program):
    found = models.carloan(program)
    early = {name: rows for name, rows in found.items() if models.false_alarms(rows)}
    report.check("no_false_alarm_in_25000_rows_of_car_loans", not early, early)
    delay = models.delay(found["car_value"])
    report.check("a_changed_input_is_told_soon", delay and delay <= INPUT_ROWS, delay)
    delay = models.delay(found["errors"])
    report.check("more_errors_are_told_soon", delay and delay <= ERROR_ROWS, delay)
    loud = [name for name in models.CARLOAN_QUIET if found[name]]
    report.check("inputs_that_do_not_change_are_quiet", not loud, loud)


def check_quality(report, program):
    held, chunks = 0, 0
    for name, outcome in (("carloan", "repaid"), ("hotel", "is_canceled")):
        found = models.quality(program, name, outcome)
        for metric, most in ERROR_MOST[name].items():
            error = models.mean_error(found[metric])
            report.check(f"{metric}_without_labels_of_{name}_is_as_near_as_it_was", error <= most,
                         error)
        for metric, figures in found.items():
            share = models.held(figures) / len(figures)
            report.check(f"intervals_of_{metric}_of_{name}_hold", share >= 0.9, share)
            held += models.held(figures)
            chunks += len(figures)
    report.check("intervals_hold_93_to_97_percent", 0.93 <= held / chunks <= 0.97, held / chunks)


def check_season(report, program):
    bike = models.Bike()
    with models.folder() as folder:
        false, up, down = (models.bike_odd(program, bike, folder, sigmas) for sigmas in (0, 2, -2))
    most = max(false.values())
    report.check("blocks_of_a_season_are_rarely_odd", most <= SEASON_FALSE_MOST, false)
    found = [sum(shares.values()) / len(shares) for shares in (up, down)]
    report.check("a_shifted_block_is_found_in_its_season", min(found) >= SEASON_FOUND, (up, down))


def check_verdicts(report, program):
    with models.folder() as folder:
        found = injections.verdicts(program, folder, [7], ["carloan"])
    wrong = {what: cases for what, cases in found.items()
             for right, told, _ in cases if right != told}
    report.check("what_was_put_in_is_told_apart", len(wrong) <= 1, wrong)


def check_labels(report, program):
    with models.folder() as folder:
        runs = [models.Asked(program, folder, "hotel", "is_canceled", 500, seed) for seed in (1, 2)]
    report.check("chosen_labels_of_hotels_save_five_times", models.saved(runs) >= LABELS_SAVED,
                 models.saved(runs))
    off = [run for run in runs if abs(run.estimate - run.real) > 0.03]
    report.check("chosen_labels_tell_the_accuracy", not off, [run.estimate for run in runs])


def check_snow(report, program):
    with models.folder() as folder:
        pictures = digits.Digits(folder)
        (_, false), level = digits.quiet(program, pictures, 20, 20)
        snowy = [pictures.window(20, 1, pictures.snow) for _ in range(20)]
        _, together, _ = digits.found(program, pictures, snowy, level)
    report.check("snow_on_twenty_pictures_is_seen_of_all_pixels_together", together >= 0.95,
                 together)
    report.check("pictures_without_snow_still_fit", false <= 0.05, false)


def check_numbers(report, program):
    with models.folder() as folder:
        figures, before = regression.compare(program, folder, "hr")["mae"]
    constant = sum(abs(before - real) for *_, real in figures) / len(figures)
    error = models.mean_error(figures)
    report.check("errors_of_numbers_are_estimated_ten_times_as_near_as_the_reference_is",
                 error < constant / 10, (error, constant))


def check_groups(report, program):
    with models.folder() as folder:
        loans = groups.Loans(folder)
        (_, false), _ = groups.compare(program, loans, 0, 4)
        (found, _), _ = groups.compare(program, loans, 0.1, 4)
    report.check("the_group_that_got_worse_is_told", found == 1 and false == 0, (found, false))


def main(program):
    if not models.has_models():
        print("skipped: no data")
        sys.exit(77)
    report = Report()
    check_carloan(report, program)
    check_quality(report, program)
    check_season(report, program)
    check_verdicts(report, program)
    check_labels(report, program)
    check_snow(report, program)
    check_numbers(report, program)
    check_groups(report, program)
    report.finish()


if __name__ == "__main__":
    main(sys.argv[1])
