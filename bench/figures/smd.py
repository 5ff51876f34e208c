# SPDX-License-Identifier: Apache-2.0
"""smd.py - servers with 38 metrics each: which minutes are odd, and which metrics made them so.

Train is fed, then test, and test alone is judged.  A row's score is the mean of its TOP largest
surprises; or what the program says of all metrics together, with each one's share of it.  F1 is
that of the best threshold, row by row, without any adjustment (random scores reach .85 with it).
HitRate@P% (Su et al., OmniAnomaly, KDD 2019): of the metrics that are said to
be affected in a segment, the share found among as many (times P/100) top metrics, ranked by their
largest surprise in the segment; the mean over the segments.
"""
from functools import partial

import data
import watched

OURS = "oddball score"
TOGETHER = "oddball score, together"
ZSCORE = "z-score of the last 1,000"
STATIC = "distance from the mean of train"
TOP = 5
ZSCORE_ROWS = 1000
DEVIATIONS_MAX = 10.0  # Of the baselines: a constant that moves a little is not all that counts.


def combined(surprises):
    """By row: the mean of the TOP largest.  surprises: {metric: by row}."""
    return [sum(sorted(row)[-TOP:]) / TOP for row in zip(*surprises.values(), strict=True)]


def hit_rate(surprises, told, percent):
    """surprises: {metric: by row of test}; told as in data.smd_machine()."""
    rates = []
    for first, end, metrics in told:
        ranked = sorted(surprises, key=lambda metric: -max(surprises[metric][first:end]))
        count = len(metrics) * percent // 100
        rates.append(len(metrics & set(ranked[:count])) / len(metrics))
    return sum(rates) / len(rates)


def capped(deviations):
    return [min(value, DEVIATIONS_MAX) for value in deviations]


def simple_scores(program, columns, train_rows):
    return {ZSCORE: {metric: capped(watched.simple(program, "zscore", ZSCORE_ROWS, values=cells))
                     for metric, cells in columns.items()},
            STATIC: {metric: capped(watched.static(list(map(float, cells)), train_rows))
                     for metric, cells in columns.items()}}


def agreement(program, surprises, of_rows, train_rows, labels, told):
    """(best F1, HitRate@100%, HitRate@150%).  of_rows: the score of each row, None: as combined."""
    of_test = {metric: scores[train_rows:] for metric, scores in surprises.items()}
    scores = of_rows[train_rows:] if of_rows else combined(of_test)
    lines = [f"{label} {score!r}" for label, score in zip(labels, scores, strict=True)]
    _, f1 = watched.helper(program, "vus", 0, lines=lines)
    return float(f1), hit_rate(of_test, told, 100), hit_rate(of_test, told, 150)


def watch(program, simple_too, machine):
    """{detector: figures or None}."""
    columns, train_rows, labels, told = data.smd_machine(machine)
    ours = watched.score_all(program, {}, columns, ("surprise", "together", "share"))
    surprises = {OURS: ours and {metric: told[0] for metric, told in ours.items()},
                 TOGETHER: ours and {metric: told[2] for metric, told in ours.items()}}
    together = ours and next(iter(ours.values()))[1]
    if simple_too:
        surprises.update(simple_scores(program, columns, train_rows))
    return {detector: scores and agreement(program, scores, detector == TOGETHER and together,
                                           train_rows, labels, told)
            for detector, scores in surprises.items()}


def measure(program, simple_too=True):
    """Per server: (name, as watch())."""
    machines = data.smd()
    return list(zip(machines, watched.in_parallel(partial(watch, program, simple_too), machines),
                    strict=True))
