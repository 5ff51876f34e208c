#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""vus_test.py - bench/vus.c is the definition of VUS-PR and of F1, done fast: vus_test.py PROGRAM.

The definition is written out below, slowly, buffer by buffer and threshold by threshold.
"""
import math
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "bench/figures"), str(ROOT / "tests/tools")]
import volumes  # noqa: E402
from report import Report  # noqa: E402

THRESHOLDS = 250
NEAR = 2e-9  # vus prints nine digits.


def ranges_of(labels):
    """[(first, last)] of the runs of 1."""
    runs = []
    for row, label in enumerate(labels):
        if label and (row == 0 or not labels[row - 1]):
            runs.append([row, row])
        if label:
            runs[-1][1] = row
    return runs


def soft_labels(labels, window):
    """Labels with a buffer of window // 2 rows to both sides of each range."""
    soft = [float(label) for label in labels]
    for first, last in ranges_of(labels):
        for distance in range(1, window // 2 + 1):
            for row in (first - distance, last + distance):
                if 0 <= row < len(soft):
                    soft[row] += math.sqrt(1 - distance / window)
    return [min(label, 1.0) for label in soft]


def merged(labels, window):
    """The ranges with their buffers; those that meet are one."""
    reach, found = window // 2, []
    for first, last in ranges_of(labels):
        if found and first - reach <= found[-1][1]:
            found[-1][1] = last + reach
        else:
            found.append([first - reach, last + reach])
    return [(max(first, 0), min(last, len(labels) - 1)) for first, last in found]


def thresholds_of(scores):
    ordered = sorted(scores, reverse=True)
    step = (len(scores) - 1) / (THRESHOLDS - 1)
    return [ordered[int(k * step)] for k in range(THRESHOLDS - 1)] + [ordered[-1]]


def area(labels, scores, window):
    soft, whole = soft_labels(labels, window), sum(labels)
    ranges = merged(labels, window)
    total, recall_before = 0.0, 0.0
    for threshold in thresholds_of(scores):
        said = [score >= threshold for score in scores]
        hits = sum(label for label, yes in zip(soft, said) if yes)
        kept = sum(label if yes else hard for label, yes, hard in zip(soft, said, labels))
        found = sum(any(said[first:last + 1]) for first, last in ranges)
        recall = min(hits / ((whole + kept) / 2), 1) * found / len(ranges)
        total += (recall - recall_before) * hits / sum(said)
        recall_before = recall
    return total


def volume(labels, scores, window):
    return sum(area(labels, scores, w) for w in range(window + 1)) / (window + 1)


def best_f1(labels, scores):
    best = 0.0
    for threshold in set(scores):
        said = [score >= threshold for score in scores]
        hits = sum(yes and label for yes, label in zip(said, labels))
        best = max(best, 2 * hits / (sum(said) + sum(labels)))
    return best


def made(seed):
    """(labels, scores, window): runs at the ends and close to each other, many ties or none."""
    rng = random.Random(seed)
    labels, count = [], rng.choice((40, 130, 600))
    while len(labels) < count:
        labels += [0] * rng.randint(0, 40) + [1] * rng.randint(1, 12)
    labels = (labels + [0] * 20 * rng.randint(0, 1))
    digits = rng.choice((0, 1, 6))
    scores = [round(rng.gauss(2 * label, 1), digits) for label in labels]
    return labels, scores, rng.choice((0, 1, 2, 7, 30))


def main(program):
    report = Report()
    labels, scores = [0, 0, 1, 0, 0], [1.0, 2.0, 5.0, 3.0, 0.0]
    told = volumes.agreement(program, 0, scores, labels, None)
    report.check("the_labelled_rows_alone_on_top_are_1", told[:2] == (1.0, 1.0), told)
    told = volumes.agreement(program, 0, [5.0, 2.0, 4.0, 3.0, 0.0], labels, None)
    report.check("one_row_above_the_labelled_one_halves_precision",
                 abs(told[0] - 0.5) < NEAR and abs(told[1] - 2 / 3) < NEAR, told)
    # Buffer 2: half = sqrt(1/2) on both sides; the row said first is in the buffer.
    half = math.sqrt(0.5)
    told = volumes.agreement(program, 2, [0.0, 5.0, 4.0, 3.0, 0.0], labels, None)
    first, second = half / (1 + half / 2), (1 + half) / (1 + half / 2)
    third = half * first + min(second, 1) * (1 + half) / 2 - first * (1 + half) / 2
    report.check("a_buffer_counts_as_written", abs(told[0] - (0.5 + 0.5 + third) / 3) < NEAR,
                 f"{told}, {third}")
    for seed in range(40):
        labels, scores, window = made(seed)
        told = volumes.agreement(program, window, scores, labels, None)
        expected = volume(labels, scores, window), best_f1(labels, scores)
        report.check(f"seed_{seed}_is_as_the_definition_says",
                     abs(told[0] - expected[0]) < NEAR and abs(told[1] - expected[1]) < NEAR,
                     f"{told}, {expected}, window {window}, {len(labels)} rows")
    report.check("the_oddest_row_within_100_rows_is_right",
                 volumes.top_is_right([0.0] * 150 + [1.0] + [0.0] * 150,
                                      [0] * 50 + [1] + [0] * 250, 20))
    report.check("the_oddest_row_101_rows_off_is_not_right",
                 not volumes.top_is_right([0.0] * 151 + [1.0] + [0.0] * 150,
                                          [0] * 50 + [1] + [0] * 251, 20))
    report.finish()


if __name__ == "__main__":
    main(sys.argv[1])
