#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sessions.py - the table of odd sessions: sessions.py PROGRAM."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "figures"))
import alarms  # noqa: E402
import data  # noqa: E402
import sessions  # noqa: E402
from table import Table, publish  # noqa: E402


def main(program):
    if not data.has_hdfs() or not data.has_loghub():
        print("skipped: no data")
        return
    table = Table("sessions", "Odd sessions, HDFS 2 %: 11,501 blocks, 350 anomalous",
                  ["by", "F1", "precision", "recall", "said", "best-k F1"])
    for row in sessions.measure(program):
        table.row(*row)
    table.note("In the order of arrival, without labels, one setting; odd: surprise >= 3.  The "
               "session key is "
               "found by the program, and given to the baselines, which are the two last rows.")
    lines = Table("alarms", "Lines of an alarm, BGL 2k: 2,000 lines, 143 of an alarm",
                  ["by", "area under the ROC curve"])
    for row in alarms.measure(program):
        lines.row(*row)
    lines.note("An extra row without a floor: an alarm that comes often is nothing odd.  The first "
               "column, which is the label, is cut off.")
    publish("sessions", [table, lines])


if __name__ == "__main__":
    main(sys.argv[1])
