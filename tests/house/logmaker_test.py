#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""logmaker_test.py - what the maker of logs says to be true is in the log."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import logmaker  # noqa: E402
from report import Report  # noqa: E402

ROWS = 5000


def has_text(kind, line, text):
    return text in (json.loads(line)["message"] if kind == "json" else line)


def main():
    report = Report()
    for kind in logmaker.KINDS:
        lines, truth = logmaker.make(kind, ROWS, 3, logmaker.WHATS)
        again = logmaker.make(kind, ROWS, 3, logmaker.WHATS)
        report.check(f"one_seed_gives_one_log_of_{kind}", (lines, truth) == again)
        other, _ = logmaker.make(kind, ROWS, 4, logmaker.WHATS)
        report.check(f"another_seed_gives_another_log_of_{kind}", lines != other)
        report.check(f"about_as_many_rows_as_asked_of_{kind}", abs(len(lines) - ROWS) < ROWS / 4,
                     len(lines))
        found = {row["what"]: row for row in truth}
        report.check(f"all_that_was_asked_is_told_of_{kind}", set(found) == set(logmaker.WHATS))
        wrong = [row for row in truth if row["what"] != "silence"
                 and not has_text(kind, lines[row["first_row"] - 1], row["text"])]
        report.check(f"the_truth_is_in_its_row_of_{kind}", not wrong, wrong)
        gap = lines[found["silence"]["first_row"]:found["silence"]["last_row"] - 1]
        report.check(f"the_heart_is_silent_of_{kind}",
                     len(gap) > ROWS / 20 and not any("is well" in line for line in gap))
        text = "\n".join(logmaker.make(kind, ROWS, 3)[0])
        report.check(f"nothing_odd_where_none_was_asked_of_{kind}",
                     "sda1" not in text and "xx-9" not in text and text.count("no connection") < 60)
    report.finish()


if __name__ == "__main__":
    main()
