# SPDX-License-Identifier: Apache-2.0
"""regression.py - a model of bikes by the hour: its error, estimated without labels."""
import random

import models

CHUNK_ROWS = 500
INPUTS = ("hr", "workingday", "weathersit", "atemp", "hum", "windspeed")


def tables(folder, sorted_by):
    """A reference and rows of now of 2011: the model is the mean of an hour of a (working) day.

    The rows are dealt out to model, reference and now; those of now are sorted, so that each chunk
    has other inputs than all have.
    """
    table = models.columns_of("bike/hour.csv")
    rows = [i for i, year in enumerate(table["yr"]) if year == "0"]
    random.Random(7).shuffle(rows)
    third = len(rows) // 3
    sums = {}
    for i in rows[:third]:
        counted = sums.setdefault((table["hr"][i], table["workingday"][i]), [0, 0])
        counted[0] += 1
        counted[1] += int(table["cnt"][i])
    now = sorted(rows[2 * third:], key=lambda i: float(table[sorted_by][i]))
    paths = []
    for name, part in (("good.csv", rows[third:2 * third]), ("now.csv", now)):
        said = (sums[table["hr"][i], table["workingday"][i]] for i in part)
        columns = {name: [table[name][i] for i in part] for name in INPUTS}
        columns["y_pred"] = [f"{total / count:.2f}" for count, total in said]
        columns["target"] = [table["cnt"][i] for i in part]
        paths.append(models.table_file(folder, name, columns))
    return paths


def compare(program, folder, sorted_by):
    """{metric: (figures of chunks, the reference's own)}"""
    good, now = tables(folder, sorted_by)
    whole = models.reference_quality_of(program, good)
    return {metric: (figures, whole[metric])
            for metric, figures in models.quality_of(program, good, now, CHUNK_ROWS).items()}
