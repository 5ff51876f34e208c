#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sim.py - the table of simulated weeks with known faults: sim.py PROGRAM [FIRST_SEED WEEKS].

Seeds below 1000 are for development: what is chosen is chosen on them.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "figures"))
import simulated  # noqa: E402
from table import publish  # noqa: E402

FIRST_SEED, WEEKS = 1000, 50


def main(program, *words):
    first_seed, weeks = map(int, words) if words else (FIRST_SEED, WEEKS)
    folder = Path(program).resolve().parent / "bench"
    tables = [*simulated.tables(folder / "sim", first_seed, weeks),
              simulated.of_speed(folder / "suspects")]
    if words:
        print("\n".join(table.text() for table in tables), flush=True)
    else:
        publish("sim", tables)


if __name__ == "__main__":
    main(*sys.argv[1:])
