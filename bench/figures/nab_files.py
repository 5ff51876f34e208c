# SPDX-License-Identifier: Apache-2.0
"""nab_files.py - the NAB series that are here, each watched by the program and by baselines."""
from functools import partial

import data
import nab
import watched

FIXED = 3.0
OURS = "oddball score"
GAUSSIAN = "windowed Gaussian"
GAUSSIAN_ROWS, GAUSSIAN_STEP = 6400, 100  # As in numenta/NAB, where they were tuned.
HALF_LIFE = 100  # Rows, of the envelope.


def alarms_of(strengths):
    return {row: strength for row, strength in enumerate(strengths) if strength > 0}


def gaussian(program, values):
    """Deviations from the mean of a window of values before."""
    return watched.simple(program, "zscore", GAUSSIAN_ROWS, GAUSSIAN_STEP, values=values)


def watch(program, simple_too, series):
    """{detector: nab.File} of one series."""
    name, times, values, windows = series
    file = partial(nab.File, name, len(times), nab.window_rows(times, windows))
    files = {}
    try:
        _, alarms = watched.score_one(program, ("timestamp", "value"), (times, values))
        files[OURS] = file(alarms_of(alarms))
    except watched.NoSeries:
        files[OURS] = None
    if simple_too:
        surprises = [watched.tail(deviations) for deviations in gaussian(program, values)]
        files[GAUSSIAN] = file(alarms_of(surprises))
        files[f"{GAUSSIAN}, above its envelope"] = file(
            alarms_of(watched.above_envelope(surprises, HALF_LIFE)))
    return files


def measure(program, simple_too=True):
    """{detector: its nab.Files}; None where the program does not watch series."""
    watches = watched.in_parallel(partial(watch, program, simple_too), data.nab())
    return {detector: None if None in files else files for detector, files in
            ((detector, [one[detector] for one in watches]) for detector in watches[0])}
