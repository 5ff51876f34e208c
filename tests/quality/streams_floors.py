#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""streams_floors.py - scan finds what was put into made logs, and is calm about clean ones."""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "bench/figures"), str(ROOT / "tests/tools")]
import streams  # noqa: E402
from report import Report  # noqa: E402

SEEDS = range(1, 9)
CALM_SEEDS = range(1, 21)
CALM_FLOOR = 19  # Of CALM_SEEDS: a clean log may be unlucky once.


def main(program):
    report = Report()
    for what in streams.logmaker.WHATS:
        missed = streams.found(program, what, SEEDS)
        report.check(f"{what}_is_among_the_first_findings", not missed, f"not with seeds {missed}")
    alarmed = streams.calm(program, CALM_SEEDS)
    story = "\n".join(f"seed {seed}: {sentences[0]}" for seed, sentences in alarmed.items())
    report.check("nearly_all_clean_logs_give_status_0",
                 len(CALM_SEEDS) - len(alarmed) >= CALM_FLOOR, story)
    report.finish()


if __name__ == "__main__":
    main(sys.argv[1])
