# SPDX-License-Identifier: Apache-2.0
"""volumes.py - labelled series: VUS-PR, best F1 and, for UCR, whether the oddest row is right.

VUS-PR and its window (the period that TSB-AD finds by autocorrelation) are computed by bench/vus.c
and bench/simple.c.  All rows of a file are scored and count, those before the split too, as in
TSB-AD-U.  F1 is that of the best threshold, point by point, without any adjustment.  In UCR files,
which have one anomaly each, the oddest row after the split is right if it is within 100 rows of it.
"""
import math
from functools import partial

import data
import watched

OURS = "oddball score"
NEAR = 100
ZSCORE_ROWS = (100, 1000)
FIGURES = ("VUS-PR", "best F1", "top-1")


def top_is_right(scores, labels, split):
    """Whether the (first) highest score from row `split` on is within NEAR rows of a label."""
    top = max(range(split, len(scores)), key=scores.__getitem__)
    return any(labels[max(top - NEAR, 0):top + NEAR + 1])


def agreement(program, window, scores, labels, split):
    """(VUS-PR, best F1, top-1 or None)."""
    lines = [f"{label} {score!r}" for label, score in zip(labels, scores, strict=True)]
    volume, f1 = map(float, watched.helper(program, "vus", window, lines=lines))
    top = None if split is None else float(top_is_right(scores, labels, split))
    return volume, f1, top


def simple_scores(program, period, values):
    """{baseline: scores}."""
    scores = {f"z-score of the last {rows:,}":
              watched.simple(program, "zscore", rows, values=values) for rows in ZSCORE_ROWS}
    scores["seasonal naive"] = watched.simple(program, "naive", period, values=values)
    scores["left matrix profile"] = watched.simple(program, "profile", period, values=values)
    return scores


def watch(program, simple_too, row):
    """(row, {detector: figures or None}) of one row of index.csv."""
    index, times, values, labels = data.series_of(row)
    split = int(row["split"]) if row["family"] == "UCR" else None
    period = watched.period(program, values)
    scores = {}
    try:
        scores[OURS], _ = watched.score_one(program, (index, "value"), (times, values))
    except watched.NoSeries:
        scores[OURS] = None
    if simple_too:
        scores.update(simple_scores(program, period, values))
    return row, {detector: surprises and agreement(program, period, surprises, labels, split)
                 for detector, surprises in scores.items()}


def measure(program, simple_too=True, rows_max=math.inf):
    """As watch(), for all series of at most so many rows, the longest first."""
    rows = sorted((row for row in data.labelled_series() if int(row["rows"]) <= rows_max),
                  key=lambda row: -int(row["rows"]))
    return watched.in_parallel(partial(watch, program, simple_too), rows)
