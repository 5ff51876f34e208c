#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""metrics.py - the tables of metric series: metrics.py PROGRAM [TABLE...] [--files] [--ours].

TABLE: nab, series, smd, skab, petshop, clean, week, speed.  All are printed and kept in
bench/results/; those that are named are printed alone.  --files adds a line for each file, --ours
leaves the simple detectors out.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "figures"))
import data  # noqa: E402
import metric_tables  # noqa: E402
from table import publish  # noqa: E402

TABLES = {"nab": metric_tables.of_nab, "series": metric_tables.of_series,
          "smd": metric_tables.of_smd, "skab": metric_tables.of_skab,
          "petshop": metric_tables.of_petshop, "clean": metric_tables.of_clean,
          "week": metric_tables.of_week, "speed": metric_tables.of_speed}


def main(program, *words):
    if not data.has_metrics():
        print("skipped: no data")
        return
    options = {word for word in words if word.startswith("--")}
    names = [word for word in words if word not in options]
    if options - {"--files", "--ours"} or set(names) - set(TABLES):
        sys.exit(f"usage: metrics.py PROGRAM [{'|'.join(TABLES)}]... [--files] [--ours]")
    tables = []
    for name in names or TABLES:
        made = TABLES[name](program, "--files" in options, "--ours" not in options)
        if names or options:
            print("\n".join(table.text() for table in made), flush=True)
        tables += made
    if not names and not options:
        publish("metrics", tables)


if __name__ == "__main__":
    main(*sys.argv[1:])
