# SPDX-License-Identifier: Apache-2.0
"""pairs.py - whether the comparison of a good CI run with a failed one tells what explains it."""
import re

import data
import program as oddball

VARYING = re.compile(rb"0x[0-9a-fA-F]+|[0-9]+")


def told(program, good, fail):
    """The rows of the failed run that the program tells."""
    _, findings = oddball.findings(program, "diff", "--findings", "all", good, fail)
    return {row for finding in findings for row in finding["rows"]}


def masked(path):
    return [VARYING.sub(b"#", line.rstrip()) for line in path.read_bytes().split(b"\n")]


def baseline(good, fail):
    """Rows that are not in the good run when numbers are masked."""
    known = set(masked(good))
    return {row for row, line in enumerate(masked(fail), 1) if line and line not in known}


def measure(program):
    """Rows (pair, expected, found, told, told / expected, baseline found, told, ratio)."""
    table = []
    for name, good, fail, expected, _ in data.pairs():
        row = [name, len(expected)]
        for rows in (told(program, good, fail), baseline(good, fail)):
            row += [len(expected & rows), len(rows), len(rows) / len(expected)]
        table.append(row)
    return table
