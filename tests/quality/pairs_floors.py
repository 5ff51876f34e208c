#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pairs_floors.py - comparing CI logs tells all that explains the failure, and little else."""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "bench/figures"), str(ROOT / "tests/tools")]
import pairs  # noqa: E402
from report import Report  # noqa: E402

# Rows told: what was reached (bench/results/pairs.txt: 2, 2, 12, 31, 13) and one in ten more.
TOLD_MAX = {"ansible-01": 2, "basic-01": 2, "dib-01": 14, "mock-01": 35, "syslog-01": 15}


def main(program):
    rows = pairs.measure(program)
    if not rows:
        print("skipped: no data")
        sys.exit(77)
    report = Report()
    for name, expected, found, told, *_ in rows:
        report.check(f"all_that_explains_{name}_is_told", found == expected,
                     f"{found} of {expected} rows")
        if name in TOLD_MAX:
            report.check(f"little_else_is_told_of_{name}", told <= TOLD_MAX[name],
                         f"{told} rows, at most {TOLD_MAX[name]}")
    report.finish()


if __name__ == "__main__":
    main(sys.argv[1])
