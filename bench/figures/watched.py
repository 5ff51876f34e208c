# SPDX-License-Identifier: Apache-2.0
"""watched.py - what a detector says of each row of a series: the program, or a simple one.

The program gets a file of times and values that was written for it, never one with a label in it.
"""
import csv
import io
import math
import os
import subprocess
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import data
import program as oddball


class NoSeries(RuntimeError):
    """The program's answer is not that of a series."""


def write_table(path, names, columns):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(zip(*columns, strict=True))


def number(text):
    return float(text) if text else 0.0


def score(program, names, columns, told_columns=("surprise", "alarm")):
    """{signal: (surprises, alarms)}, a figure for each row, 0 where the program says nothing.

    told_columns: of other columns of the answer.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "series.csv"
        write_table(path, names, columns)
        _, text = oddball.answer(program, "score", "--quiet", path)
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    if any(name not in head for name in ("row", "signal", *told_columns)):
        raise NoSeries(f"score prints {','.join(head)}")
    at_row, at_signal = head.index("row"), head.index("signal")
    at_told = [head.index(name) for name in told_columns]
    count = len(columns[0])
    told = {}
    for cells in rows:
        if cells[at_signal] not in told:
            told[cells[at_signal]] = tuple([0.0] * count for _ in at_told)
        row = int(cells[at_row]) - 1
        for figures, at in zip(told[cells[at_signal]], at_told, strict=True):
            figures[row] = number(cells[at])
    return told


def column_of(signal, names):
    """The column that a signal is about: its name, or the end of a longer name; else None."""
    if signal in names:
        return signal
    return max((name for name in names if signal.endswith(name)), key=len, default=None)


def score_one(program, names, columns):
    """(surprises, alarms) of a file with one series."""
    told = score(program, names, columns)
    if len(told) != 1:
        raise NoSeries(f"{len(told)} series in a file with one: {', '.join(sorted(told))}")
    return next(iter(told.values()))


def score_all(program, index, columns, told_columns=("surprise", "alarm")):
    """{column: (surprises, alarms)}, None if the program does not watch series.

    index: {name: cells} of what counts the rows, or {}; columns: {name: cells}; told_columns: as
    of score().
    """
    whole = index | columns
    try:
        told = score(program, list(whole), list(whole.values()), told_columns)
    except NoSeries:
        return None
    silent = [0.0] * len(next(iter(columns.values())))
    result = {name: (silent,) * len(told_columns) for name in columns}
    for signal, figures in told.items():
        name = column_of(signal, columns)
        if name is None:
            raise RuntimeError(f"the program watches {signal}, which is none of the columns")
        result[name] = figures
    return result


def helper(program, name, *arguments, lines):
    """What a program of bench/ prints for these lines."""
    folder = Path(program).resolve().parent / "bench"
    if not folder.is_dir():
        folder = data.ROOT / "build/bench"
    done = subprocess.run([folder / name, *map(str, arguments)], input="\n".join(lines) + "\n",
                          stdout=subprocess.PIPE, check=True, text=True)
    return done.stdout.split()


def simple(program, method, *lengths, values):
    """Scores of a simple detector (bench/simple.c); values as text."""
    return [float(cell) for cell in helper(program, "simple", method, *lengths, lines=values)]


def static(values, known):
    """Distances from the mean of the first `known` values, in their deviations."""
    first = values[:known]
    mean = sum(first) / len(first)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in first) / len(first))
    return [abs(value - mean) / max(deviation, 1e-6) for value in values]


def period(program, values):
    return int(helper(program, "simple", "period", lines=values)[0])


def tail(deviations):
    """-log10 of the chance of a normal value so far from its mean, to both sides."""
    chance = math.erfc(deviations / math.sqrt(2))
    if chance > 0:
        return -math.log10(chance)
    # Far out: the leading term of the expansion, by logarithms.
    return (deviations ** 2 / 2 + math.log(deviations * math.sqrt(math.pi / 2))) / math.log(10)


def above_envelope(surprises, half_life):
    """Alarms from surprises: what stands above an envelope that follows at once and decays."""
    decay = 0.5 ** (1 / half_life)
    envelope, alarms = 0.0, []
    for surprise in surprises:
        alarms.append(max(surprise - envelope, 0.0))
        envelope = max(envelope * decay, surprise)
    return alarms


def in_parallel(function, items):
    """The answers in the order of the items, by as many processes as there are cores."""
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        return list(pool.map(function, items))
