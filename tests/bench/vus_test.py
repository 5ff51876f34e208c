#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""vus_test.py - bench/vus.c is the definition of VUS-PR and of F1, done fast: vus_test.py PROGRAM.

The definition is written out below, slowly, buffer by buffer and threshold by threshold.  And for
six UCR files that are here whole, what TheDatumOrg/TSB-AD publishes for its matrix profile (in
benchmark_exp/benchmark_eval_results/uni_mergedTable_VUS-PR.csv, commit 35ba9c3) comes out again:
period, profile and volume together.  Its profile looks to both sides: it is the nearer one of the
left profiles of the series forwards and backwards, centred.
"""
import math
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "bench/figures"), str(ROOT / "tests/tools")]
import data  # noqa: E402
import volumes  # noqa: E402
import watched  # noqa: E402
from report import Report  # noqa: E402

THRESHOLDS = 250
NEAR = 2e-9  # vus prints nine digits.
PUBLISHED = {
    "313_UCR_id_11_Sensor_tr_2827_1st_4711.csv": 0.8172415938648847,
    "316_UCR_id_14_Sensor_tr_2833_1st_5988.csv": 0.8069363311884357,
    "344_UCR_id_42_Sensor_tr_2851_1st_5365.csv": 0.0262219393680533,
    "364_UCR_id_62_Sensor_tr_2833_1st_5988.csv": 0.7236311482079274,
    "373_UCR_id_71_Sensor_tr_2827_1st_5988.csv": 0.1993685108719435,
    "405_UCR_id_103_Sensor_tr_2827_1st_5988.csv": 0.4465572049,
}
NEAR_PUBLISHED = 5e-5  # Another order of sums.


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


def two_sided_profile(program, values, length):
    """By row, centred; the rows at both ends have the least of all."""
    left = watched.simple(program, "profile", length, values=values)[length - 1:]
    right = watched.simple(program, "profile", length, values=values[::-1])[length - 1:][::-1]
    nearest = [min((distance for distance in pair if distance > 0), default=0.0)
               for pair in zip(left, right, strict=True)]
    scores = [min(nearest)] * (length // 2) + nearest
    return scores + [min(nearest)] * (len(values) - len(scores))


def check_published(report, program):
    for row in data.labelled_series():
        if row["tsb_ad_u_file"] not in PUBLISHED:
            continue
        _, _, values, labels = data.series_of(row)
        period = watched.period(program, values)
        told, *_ = volumes.agreement(program, period, two_sided_profile(program, values, period),
                                     labels, None)
        expected = PUBLISHED[row["tsb_ad_u_file"]]
        report.check(f"the_volume_of_a_matrix_profile_of_{row['name']}_is_as_published",
                     abs(told - expected) < NEAR_PUBLISHED, f"{told}, {expected}")


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
    if data.has_metrics():
        check_published(report, program)
    else:
        report.skip("volumes_are_as_published", "no data")
    report.finish()


if __name__ == "__main__":
    main(sys.argv[1])
