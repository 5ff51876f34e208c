# SPDX-License-Identifier: Apache-2.0
"""nab.py - the scoring rule of the Numenta Anomaly Benchmark, version 1.1: the only scorer of it.

A file's first 15 % of rows, at most 750, is not scored.  The first alarm inside a window counts
by how early it is, 1 at the left edge down to 0 past the right one, a window without an alarm costs
fn.  Each alarm outside costs up to fp, less when it comes right after a window.  The sum over all
files is put between that of a detector which says nothing (0) and a perfect one (100).

Definition: Lavin and Ahmad, ICMLA 2015.  Where the paper and numenta/NAB differ, as the program.
"""
import math
from itertools import groupby

# Costs (fp, fn); a right alarm brings at most 1.
PROFILES = {"standard": (0.11, 1.0), "low FP": (0.22, 1.0), "low FN": (0.11, 2.0)}
PROBATION_SHARE, PROBATION_ROWS_MAX = 0.15, 750
FAR = 3.0  # Window widths behind a window from where on an alarm is as wrong as can be.


def sigmoid(position):
    """position: in widths of the window, 0 at its right edge, -1 at the left one."""
    return -1.0 if position >= FAR else 2 / (1 + math.exp(5 * position)) - 1


def probation(row_count):
    return min(math.floor(PROBATION_SHARE * row_count), PROBATION_ROWS_MAX)


def window_rows(times, windows):
    """The rows, from 0, of windows that are given as [first, last] time."""
    return [(times.index(first), times.index(last)) for first, last in windows]


def worth(row_count, windows):
    """Per row (window or None, what an alarm there is worth); None in probation.

    windows: (first, last) row of each, last included, in order.  A window that lies within the
    probation leaves no row behind.
    """
    rows = []
    left = list(enumerate(windows))
    inside, behind = None, None
    for row in range(row_count):
        if left and inside is None and row == left[0][1][0]:
            inside = left.pop(0)
        if inside is not None:
            number, (first, last) = inside
            rows.append((number, sigmoid(-(last - row + 1) / (last - first + 1)) / sigmoid(-1)))
            if row == last:
                inside, behind = None, (first, last)
        else:
            position = FAR if behind is None else (row - behind[1]) / max(behind[1] - behind[0], 1)
            rows.append((None, sigmoid(position)))
    skipped = probation(row_count)
    return [None] * skipped + rows[skipped:]


class File:
    """One series with its labels and what a detector says of it."""

    def __init__(self, name, row_count, windows, alarms):
        """alarms: {row from 0: strength}; windows as in worth()."""
        self.name = name
        rows = worth(row_count, windows)
        self.windows = sorted({row[0] for row in rows if row is not None} - {None})
        self.alarms = [(alarms[row], *rows[row]) for row in sorted(alarms)
                       if rows[row] is not None]

    def score(self, threshold, fp, fn):
        said = [alarm for alarm in self.alarms if alarm[0] >= threshold]
        best = dict.fromkeys(self.windows, -fn)
        for _, window, value in said:
            if window is not None:
                best[window] = max(best[window], value)
        return sum(best.values()) + fp * sum(value for _, window, value in said if window is None)


def optimum(files, fp, fn):
    """(best sum over the files, the threshold that gives it)."""
    alarms = sorted(((strength, number, window, value) for number, file in enumerate(files)
                     for strength, window, value in file.alarms), key=lambda alarm: -alarm[0])
    total = -fn * sum(len(file.windows) for file in files)
    best, threshold = total, math.inf
    reached = {}
    for strength, tied in groupby(alarms, key=lambda alarm: alarm[0]):
        for _, number, window, value in tied:
            if window is None:
                total += fp * value
            elif value > reached.get((number, window), -fn):
                total += value - reached.get((number, window), -fn)
                reached[number, window] = value
        if total > best:
            best, threshold = total, strength
    return best, threshold


def normalised(score, files, fn):
    windows = sum(len(file.windows) for file in files)
    return 100 * (score + fn * windows) / (windows + fn * windows)


def figures(files, fixed):
    """{profile: (at the best threshold, that threshold, at the fixed threshold)}, 0 to 100."""
    result = {}
    for profile, (fp, fn) in PROFILES.items():
        best, threshold = optimum(files, fp, fn)
        at_fixed = sum(file.score(fixed, fp, fn) for file in files)
        result[profile] = (normalised(best, files, fn), threshold,
                           normalised(at_fixed, files, fn))
    return result
