#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""streams.py - the table of made logs with known truth: streams.py PROGRAM."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "figures"))
import streams  # noqa: E402
from table import Table, publish  # noqa: E402

SEEDS = range(1, 21)


def main(program):
    table = Table("streams", "Made logs: what was put in is among the first 3 findings of scan",
                  ["put in", "logs", "right", "seeds that failed"])
    for what in streams.logmaker.WHATS:
        missed = streams.found(program, what, SEEDS)
        table.row(what, len(SEEDS), len(SEEDS) - len(missed), " ".join(map(str, missed)) or "-")
    alarmed = streams.calm(program, SEEDS)
    table.row("nothing: status 0", len(SEEDS), len(SEEDS) - len(alarmed),
              " ".join(map(str, alarmed)) or "-")
    table.note(f"About {streams.ROWS:,} rows each, a little more than an hour; syslog, JSON, "
               "logfmt and a header of its own in turn.  The baseline is the last row: a program "
               "that always cries finds all and fails there.")
    publish("streams", [table])


if __name__ == "__main__":
    main(sys.argv[1])
