#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ask.py - what answers are worth, by how questions are chosen: ask.py PROGRAM [FIRST_SEED LIVES].

Seeds below 1000 are for development: what is chosen is chosen on them.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "figures"))
import answers  # noqa: E402
from table import publish  # noqa: E402

FIRST_SEED, LIVES = 2000, 12


def main(program, *words):
    first_seed, lives = map(int, words) if words else (FIRST_SEED, LIVES)
    tables = answers.tables(Path(program).resolve().parent / "bench/ask", first_seed, lives)
    if words:
        print("\n".join(table.text() for table in tables), flush=True)
    else:
        publish("ask", tables)


if __name__ == "__main__":
    main(*sys.argv[1:])
