#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""templates_floors.py - patterns agree with templates made by hand at least as well as written.

Two floors for each figure: what the first release must reach, and a little under what was reached
when it was written (bench/results/templates.txt), so that a loss is seen.
"""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "bench/figures"), str(ROOT / "tests/tools")]
import data  # noqa: E402
import templates  # noqa: E402
from report import Report  # noqa: E402
from table import mean  # noqa: E402

MUST = {"GA": 0.87, "FGA": 0.85, "PA": 0.55, "FTA": 0.50}
KEPT = {"GA": 0.955, "FGA": 0.95, "PA": 0.865, "FTA": 0.85}
LEAST_GA_MUST, LEAST_GA_KEPT = 0.50, 0.80


def check_floor(report, name, value, must, kept):
    report.check(f"{name}_is_what_a_release_must_have", value >= must, f"{value:.4f} < {must}")
    report.check(f"{name}_is_what_it_was", value >= kept, f"{value:.4f} < {kept}")


def main(program):
    if not data.has_loghub():
        print("skipped: no data")
        sys.exit(77)
    report = Report()
    for raw in (False, True):
        kind = "raw_lines" if raw else "messages"
        rows = [templates.agreement_of_set(program, name, raw) for name in data.LOGHUB_SETS]
        for name, value in zip(templates.NAMES, mean(rows), strict=True):
            check_floor(report, f"{name}_of_{kind}", value, MUST[name], KEPT[name])
        least = min(row[0] for row in rows)
        check_floor(report, f"the_least_GA_of_{kind}", least, LEAST_GA_MUST, LEAST_GA_KEPT)
    report.finish()


if __name__ == "__main__":
    main(sys.argv[1])
