# SPDX-License-Identifier: Apache-2.0
"""digits.py - pictures of digits that are spoilt: how often windows of a few are called odd."""
import csv
import math
import random

import baselines
import models
from program import findings

REFERENCE_ROWS = 1000
FLAKE_SHARE = 0.1  # Of the pixels of a picture with snow.
FLAKE_MOST = 8  # By which a flake brightens its pixel; of 16.
MIXED_SHARE = 0.25  # Of the pixels of a picture that are those of others.


class Digits:
    """The pictures, shuffled: a reference, and others to draw windows from."""

    def __init__(self, folder):
        self.rng, self.folder = random.Random(7), folder
        with open(models.path_of("digits/digits.csv"), encoding="utf-8", newline="") as file:
            self.names, *rows = csv.reader(file)
        self.rows = [list(map(int, map(float, row))) for row in rows]
        self.names[-1] = "y_pred"
        self.rng.shuffle(self.rows)
        self.good = self.write("good.csv", self.rows[:REFERENCE_ROWS])
        pixels = list(zip(*self.rows[:REFERENCE_ROWS], strict=True))[:-1]
        self.sorted = [sorted(pixel) for pixel in pixels]

    def write(self, name, rows):
        columns = dict(zip(self.names, zip(*rows, strict=True), strict=True))
        return models.table_file(self.folder, name, columns)

    def snow(self, row):
        return [min(16, pixel + self.rng.randint(1, FLAKE_MOST))
                if self.rng.random() < FLAKE_SHARE else pixel for pixel in row[:-1]] + row[-1:]

    def mixed(self, row):
        """Pixels of other pictures in it: each pixel is as it was, but they fit no more."""
        return [self.rng.choice(self.rows)[i] if self.rng.random() < MIXED_SHARE else pixel
                for i, pixel in enumerate(row[:-1])] + row[-1:]

    def window(self, count, share, spoil):
        """So many pictures of those that the reference does not have; a share is spoilt."""
        rows = self.rng.sample(self.rows[REFERENCE_ROWS:], count)
        return [spoil(row) if i < share * count else row for i, row in enumerate(rows)]


def shuffled(windows):
    """The same pictures, in another order."""
    rng = random.Random(1)
    return [rng.sample(rows, len(rows)) for rows in windows]


def fired(program, digits, rows):
    """(anything is odd, the inputs together are)"""
    path = digits.write("now.csv", rows)
    _, told = findings(program, "diff", "--findings", "all", digits.good, path)
    signals = {finding["signal"] for finding in told}
    return bool(signals), "inputs together" in signals


def ks_surprise(digits, rows):
    """The least chance of a pixel, times the pixels (Bonferroni)."""
    pixels = list(zip(*rows, strict=True))[:-1]
    least = min(baselines.ks_chance(good, list(now))
                for good, now in zip(digits.sorted, pixels, strict=True))
    return -math.log10(max(least * len(pixels), 1e-300))


def quiet(program, digits, count, windows):
    """Of windows with nothing wrong: shares that alarm, and the level at which KS alarms as
    often as all of ours."""
    drawn = [digits.window(count, 0, digits.snow) for _ in range(windows)]
    ours = [fired(program, digits, rows) for rows in drawn]
    false = [sum(one[i] for one in ours) for i in (0, 1)]
    surprises = sorted((ks_surprise(digits, rows) for rows in drawn), reverse=True)
    return [one / windows for one in false], surprises[false[0]]


def found(program, digits, windows, level):
    """Shares of spoilt windows: (anything, the inputs together, KS beyond its level)."""
    ours = [fired(program, digits, rows) for rows in windows]
    kolmogorov = sum(ks_surprise(digits, rows) > level for rows in windows)
    return [count / len(windows) for count in (*map(sum, zip(*ours, strict=True)), kolmogorov)]
