#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""templates.py - the table of agreement with templates made by hand: templates.py PROGRAM."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "figures"))
import data  # noqa: E402
import templates  # noqa: E402
from table import Table, mean, publish  # noqa: E402

# Published means over the same 16 sets; GA by the first labels, the others by the corrected ones.
PUBLISHED = (
    ("Drain3, as it comes", 0.732, 0.741, 0.290, 0.272),
    ("Brain, one setting", 0.879, 0.854, 0.325, 0.347),
    ("Brain, tuned for each set", 0.983, 0.929, 0.326, 0.346),
)


def main(program):
    if not data.has_loghub():
        print("skipped: no data")
        return
    kinds = ("message", "raw", "masked")
    table = Table("templates", "Agreement with templates made by hand, Loghub 2k",
                  ["set", *(f"{name} {kind}" for kind in kinds for name in templates.NAMES)])
    rows = []
    for name in data.LOGHUB_SETS:
        rows.append([*templates.agreement_of_set(program, name, False),
                     *templates.agreement_of_set(program, name, True),
                     *templates.agreement_of_masking(name)])
        table.row(name, *rows[-1])
    table.row("mean", *mean(rows))
    table.row("least", *map(min, zip(*rows, strict=True)))
    for name, *figures in PUBLISHED:
        table.row(name, *figures, *[None] * 8)
    table.note("One setting for all sets, nothing given but the lines; each line is read once, in "
               "order.  message: the message alone, as published; raw: the line with its header; "
               "masked: baseline, words with a digit are variables.  The last rows are published "
               "means (doc/benchmarks.md).")
    publish("templates", [table])


if __name__ == "__main__":
    main(sys.argv[1])
