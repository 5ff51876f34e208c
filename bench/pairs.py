#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pairs.py - the table of CI logs, a good run beside a failed one: pairs.py PROGRAM."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "figures"))
import pairs  # noqa: E402
from table import Table, publish  # noqa: E402


def main(program):
    rows = pairs.measure(program)
    if not rows:
        print("skipped: no data")
        return
    table = Table("pairs", "CI logs: lines that explain the failure, found by comparison",
                  ["pair", "expected", "found", "told", "told/expected", "found by masking",
                   "told by masking", "told/expected by masking"])
    for row in rows:
        table.row(*row)
    sums = [sum(row[i] for row in rows) for i in range(1, 8)]
    sums[3], sums[6] = sums[2] / sums[0], sums[5] / sums[0]
    table.row("all", *sums)
    table.note("oddball diff GOOD FAIL, one setting; told: all rows of all findings.  Neighbouring "
               "lines of a traceback count as told though nobody would call them wrong.  masking: "
               "baseline, the lines that are not in the good run when numbers are masked.")
    publish("pairs", [table])


if __name__ == "__main__":
    main(sys.argv[1])
