# SPDX-License-Identifier: Apache-2.0
"""streams.py - whether scan finds what was put into made logs, and is calm about clean ones.

The logs come from tests/tools/logmaker.py, four kinds of them in turn, from a seed each.  The
maker lets its last sessions run on when all else has ended: that end is cut off.
"""
import sys
import tempfile
from pathlib import Path

import data
import program as oddball

sys.path.insert(0, str(data.ROOT / "tests/tools"))
import logmaker  # noqa: E402

ROWS = 20000
ROWS_CUT = 200
FIRST = 3  # Findings that a person reads.


def scan(program, path, seed, inject):
    """(exit status, findings, truth) of one made log."""
    kind = logmaker.KINDS[seed % len(logmaker.KINDS)]
    lines, truth = logmaker.make(kind, ROWS, seed, inject)
    path.write_text("\n".join(lines[:-ROWS_CUT]) + "\n", encoding="utf-8")
    return (*oddball.findings(program, "scan", path), truth)


def is_about(finding, truth):
    return finding["row"] <= truth["last_row"] and finding["last_row"] >= truth["first_row"]


def found(program, what, seeds):
    """The seeds where what was put in is not among the first findings."""
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            _, findings, (truth,) = scan(program, Path(folder) / "made.log", seed, (what,))
            if not any(is_about(finding, truth) for finding in findings[:FIRST]):
                missed.append(seed)
    return missed


def calm(program, seeds):
    """The seeds whose clean log gives an exit status other than 0, and how many findings."""
    alarmed = {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            status, findings, _ = scan(program, Path(folder) / "made.log", seed, ())
            if status != 0:
                alarmed[seed] = [finding["sentence"] for finding in findings]
    return alarmed
