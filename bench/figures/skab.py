# SPDX-License-Identifier: Apache-2.0
"""skab.py - runs of a water circulation with faults: is the change found soon, and all of it?

Changes: the rule of SKAB (waico/SKAB, core/metrics.py), which is akin to that of NAB.  From each
labelled change on, the first alarm within WINDOW_S counts by how early it is, an alarm outside or
a change without one costs; windows that meet are cut on the right.  The sum over the runs is put
between silence (0) and perfection (100).  Outliers: F1, share of false alarms among normal rows
(FAR) and of missed rows (MAR), row by row.  A row's alarm and surprise are the largest of its
sensors.
"""
import datetime
import math
from functools import partial

import data
import watched

OURS = "oddball score"
ZSCORE = "z-score of the last 300, above its envelope"
STATIC = "distance from the mean of the first 400, above its envelope"
ZSCORE_ROWS, STATIC_ROWS, HALF_LIFE = 300, 400, 100
FIXED = 3.0
TRIED = 60  # Thresholds, where the best one is looked for.
WINDOW_S = 30  # As in the leaderboard of SKAB.
PROFILES = {"standard": (-0.11, -1.0), "low FP": (-0.22, -1.0), "low FN": (-0.11, -2.0)}
STEPS = 1000  # Of the origin's curve.


def curve(share, fp):
    """What an alarm is worth after this share of the window: 1 at once, fp at the end."""
    step = min(int(share * STEPS), STEPS - 1)
    x = math.pi * (step / (STEPS - 1) - 0.5)
    return (1 - fp) / 2 * (1 - math.tanh(x) / math.tanh(math.pi / 2)) + fp


def windows_of(changes):
    """[[first, last] second] of each change."""
    windows = [[change, change + WINDOW_S] for change in changes]
    for before, after in zip(windows, windows[1:]):
        if before[1] >= after[0]:
            after[0] = before[1]
    return windows


def score(windows, alarms, fp, fn):
    """The sum of one run; alarms: seconds, in order."""
    total = fp * sum(not any(first <= alarm <= last for first, last in windows)
                     for alarm in alarms)
    for first, last in windows:
        inside = [alarm for alarm in alarms if first <= alarm <= last]
        total += curve((inside[0] - first) / (last - first), fp) if inside else fn
    return total


def seconds(times):
    return [datetime.datetime.fromisoformat(time).timestamp() for time in times]


def largest(columns):
    return [max(row) for row in zip(*columns, strict=True)]


def with_alarms(deviations):
    """{sensor: (surprises, alarms)} of {sensor: deviations by row}."""
    surprises = {name: list(map(watched.tail, values)) for name, values in deviations.items()}
    return {name: (values, watched.above_envelope(values, HALF_LIFE))
            for name, values in surprises.items()}


def watch(program, simple_too, run):
    """(seconds, anomaly, changes, {detector: (surprises, alarms) or None})."""
    _, times, sensors, anomaly, changepoint = run
    told = {OURS: watched.score_all(program, {"datetime": times}, sensors)}
    if simple_too:
        told[ZSCORE] = with_alarms({
            name: watched.simple(program, "zscore", ZSCORE_ROWS, values=cells)
            for name, cells in sensors.items()})
        told[STATIC] = with_alarms({
            name: watched.static(list(map(float, cells)), STATIC_ROWS)
            for name, cells in sensors.items()})
    clock = seconds(times)
    merged = {detector: of_sensor and tuple(largest(columns) for columns in
                                            zip(*of_sensor.values(), strict=True))
              for detector, of_sensor in told.items()}
    return clock, anomaly, [clock[row] for row, yes in enumerate(changepoint) if yes], merged


def changes_found(watches, detector, threshold):
    """{profile: 0 to 100}, and how many alarms."""
    result, alarm_count = {}, 0
    runs = []
    for clock, _, changes, merged in watches:
        _, strengths = merged[detector]
        runs.append((windows_of(changes), [clock[row] for row, strength in enumerate(strengths)
                                           if strength >= threshold]))
        alarm_count += len(runs[-1][1])
    window_count = sum(len(windows) for windows, _ in runs)
    for profile, (fp, fn) in PROFILES.items():
        total = sum(score(windows, alarms, fp, fn) for windows, alarms in runs)
        result[profile] = 100 * (total / window_count - fn) / (1 - fn)
    return result, alarm_count


def thresholds(values):
    """TRIED quantiles of those above 0."""
    ordered = sorted(value for value in values if value > 0)
    return sorted({ordered[at * (len(ordered) - 1) // (TRIED - 1)] for at in range(TRIED)}
                  if ordered else {1.0})


def best_threshold(watches, detector):
    """Of alarms, in the standard profile."""
    tried = thresholds(alarm for *_, merged in watches for alarm in merged[detector][1])
    return max(tried, key=lambda threshold:
               changes_found(watches, detector, threshold)[0]["standard"])


def outliers(watches, detector, threshold):
    """(F1, FAR, MAR) of the surprises."""
    right = wrong = missed = calm = 0
    for _, anomaly, _, merged in watches:
        for label, surprise in zip(anomaly, merged[detector][0], strict=True):
            said = surprise >= threshold
            right += label and said
            wrong += not label and said
            missed += label and not said
            calm += not label and not said
    return (2 * right / max(2 * right + wrong + missed, 1), wrong / (wrong + calm),
            missed / (missed + right))


def best_f1(watches, detector):
    tried = thresholds(surprise for *_, merged in watches for surprise in merged[detector][0])
    return max(outliers(watches, detector, threshold)[0] for threshold in tried)


def measure(program, simple_too=True):
    return watched.in_parallel(partial(watch, program, simple_too), data.skab())
