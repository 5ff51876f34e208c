# SPDX-License-Identifier: Apache-2.0
"""groups.py - one group of car loans, of which the model gets worse: is just that told?"""
import math
import random

import data
import models
from program import findings

COLUMN, OTHER = "salary_range", "repaid_loan_on_prev_car"
REFERENCE_ROWS, CURRENT_ROWS = 8000, 4000


class Loans:
    """Rows of the reference's months, from which both tables are drawn."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = data.read_table(models.MODELS / "carloan/reference.csv")
        self.groups = sorted({row[COLUMN] for row in self.rows})

    def write(self, name, rows):
        return models.table_file(self.folder, name, {key: [row[key] for row in rows]
                                                     for key in rows[0]})

    def draw(self, seed, group, share):
        """(reference, now): of the group, a share of what came true is turned round."""
        rng = random.Random(seed)
        rows = [dict(row) for row in rng.sample(self.rows, REFERENCE_ROWS + CURRENT_ROWS)]
        for row in rows[REFERENCE_ROWS:]:
            if row[COLUMN] == group and rng.random() < share:
                row["repaid"] = str(1 - int(float(row["repaid"])))
        return rows[:REFERENCE_ROWS], rows[REFERENCE_ROWS:]


def gaps_told(program, loans, good, now):
    """What is said of groups whose gap to all rows changed."""
    _, told = findings(program, "diff", "--findings", "all", "--outcome", "repaid", "--segments",
                       f"{COLUMN},{OTHER}", loans.write("good.csv", good),
                       loans.write("now.csv", now))
    return [finding["sentence"] for finding in told if finding["what"] == "gap"]


def is_wrong(row):
    return float(row["y_pred"]) != float(row["repaid"])


def z_told(good, now, level=1.96):
    """Groups whose share of errors differs from theirs in the reference, two-sided at .05."""
    told = []
    for column in (COLUMN, OTHER):
        for value in sorted({row[column] for row in good}):
            a, b = ([is_wrong(row) for row in rows if row[column] == value]
                    for rows in (good, now))
            share = (sum(a) + sum(b)) / (len(a) + len(b))
            error = math.sqrt(share * (1 - share) * (1 / len(a) + 1 / len(b)))
            if error > 0 and abs(sum(b) / len(b) - sum(a) / len(a)) > level * error:
                told.append(f"{column}={value}")
    return told


def compare(program, loans, share, runs):
    """((found, others told) of oddball, the same of the test), in shares of runs."""
    counts = [[0, 0], [0, 0]]
    for seed in range(runs):
        group = loans.groups[seed % len(loans.groups)]
        good, now = loans.draw(seed, group, share)
        for count, told in zip(counts, (gaps_told(program, loans, good, now), z_told(good, now)),
                               strict=True):
            hit = [words for words in told if f"{COLUMN}={group}" in words]
            count[0] += bool(hit)
            count[1] += len(told) > len(hit)
    return [[count / runs for count in pair] for pair in counts]
