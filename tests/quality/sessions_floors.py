#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sessions_floors.py - odd sessions of HDFS 2 % are found at least as well as written.

Reached when it was written: F1 .955, recall 1.000 (bench/results/sessions.txt).
"""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "bench/figures"), str(ROOT / "tests/tools")]
import data  # noqa: E402
import sessions  # noqa: E402
from report import Report  # noqa: E402

F1_FLOOR, RECALL_FLOOR = 0.94, 0.99


def main(program):
    if not data.has_hdfs():
        print("skipped: no data")
        sys.exit(77)
    report = Report()
    alone, given, *baselines = sessions.measure(program)
    for name, row in (("alone", alone), ("with_known_good_ones", given)):
        _, score, _, recall, *_ = row
        report.check(f"F1_of_odd_sessions_{name}_is_what_it_was", score >= F1_FLOOR, row)
        report.check(f"nearly_no_odd_session_is_missed_{name}", recall >= RECALL_FLOOR, row)
    for row in baselines:
        name = row[0].replace(" ", "_")
        report.check(f"a_fixed_threshold_beats_the_best_one_for_{name}", alone[1] > row[-1], row)
    report.finish()


if __name__ == "__main__":
    main(sys.argv[1])
