#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""models_floors.py - drift of a model's inputs and errors is found at least as well as written.

Reached when it was written: car_value 76 rows after the change, errors 1,016, no false alarm.
"""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "bench/figures"), str(ROOT / "tests/tools")]
import models  # noqa: E402
from report import Report  # noqa: E402

INPUT_ROWS, ERROR_ROWS = 150, 1500


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


def main(program):
    if not models.has_models():
        print("skipped: no data")
        sys.exit(77)
    report = Report()
    check_carloan(report, program)
    report.finish()


if __name__ == "__main__":
    main(sys.argv[1])
