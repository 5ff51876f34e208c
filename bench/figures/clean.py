# SPDX-License-Identifier: Apache-2.0
"""clean.py - series in which nothing is wrong: how often is a row as odd as its surprise says?

A surprise of s claims that 10^-s of the rows of normal data are that odd.  Made series are of one
class each; shuffled ones are stretches of real series without a label, in an order drawn by lot,
so that nothing but their distribution is left.  The first WARM_UP rows are not counted.
"""
import math
import random
import tempfile
from array import array
from functools import partial
from pathlib import Path

import data
import program as oddball
import watched

OURS = "oddball score"
ZSCORE = "z-score of the last 1,000"
ZSCORE_ROWS = 1000
SHARES = (1e-2, 1e-3, 1e-4)
ROWS, SERIES, WARM_UP = 20000, 10, 1000
INTERVAL_S, DAY_ROWS = 60, 1440
FIRST_S = 1700000000
RESET_ROWS, STEP_ROWS = 3000, 4000  # On average between two.
WEEK_INTERVAL_S, WEEK_ROWS, WEEK_DAYS = 300, 2016, 7
WEEK_DEVIATIONS = 6  # Of the baseline.
SHUFFLED_ROWS_MIN = 10000
SHUFFLED_FAMILIES = ("AIOPS", "UCR", "WSD")


def poisson(rng, mean):
    """Knuth's way: small means alone."""
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def gaussian(rng, rows):
    return [100 + 5 * rng.gauss(0, 1) for _ in range(rows)]


def heavy_tailed(rng, rows):
    """Student's t of 3 degrees."""
    return [rng.gauss(0, 1) / math.sqrt(rng.gammavariate(1.5, 2) / 3) for _ in range(rows)]


def skewed(rng, rows):
    """A latency: lognormal."""
    return [20 * rng.lognormvariate(0, 0.6) for _ in range(rows)]


def autocorrelated(rng, rows):
    values, state = [], 0.0
    for _ in range(rows):
        state = 0.9 * state + rng.gauss(0, 1)
        values.append(50 + state)
    return values


def seasonal(rng, rows):
    return [200 + 80 * math.sin(2 * math.pi * row / DAY_ROWS) + 8 * rng.gauss(0, 1)
            for row in range(rows)]


def counter(rng, rows):
    """It only grows, and begins at 0 again now and then."""
    values, total = [], 0
    for _ in range(rows):
        total = 0 if rng.random() < 1 / RESET_ROWS else total + poisson(rng, 12)
        values.append(total)
    return values


def integer(rng, rows):
    return [poisson(rng, 3) for _ in range(rows)]


def sparse(rng, rows):
    return [poisson(rng, 4) + 1 if rng.random() < 0.02 else 0 for _ in range(rows)]


def stepped(rng, rows):
    """A constant that is set anew now and then."""
    values, level = [], 40
    for _ in range(rows):
        if rng.random() < 1 / STEP_ROWS:
            level = rng.randrange(10, 100)
        values.append(level)
    return values


def bounded(rng, rows):
    """A share in percent that is often full."""
    return [min(100.0, max(0.0, 93 + 6 * rng.gauss(0, 1))) for _ in range(rows)]


CLASSES = {"Gaussian": gaussian, "heavy tails": heavy_tailed, "skewed": skewed,
           "autocorrelated": autocorrelated, "season of a day": seasonal,
           "counter with resets": counter, "integer": integer, "sparse": sparse,
           "constant with steps": stepped, "bounded": bounded}


def made(name, seed, rows=ROWS):
    return CLASSES[name](random.Random(f"{name} {seed}"), rows)


def shuffled(row):
    """The longest stretch without a label of a row of index.csv, shuffled."""
    _, _, values, labels = data.series_of(row)
    borders = [-1, *(at for at, label in enumerate(labels) if label), len(labels)]
    first, last = max(zip(borders, borders[1:]), key=lambda pair: pair[1] - pair[0])
    stretch = values[first + 1:last][:ROWS]
    random.Random(row["name"]).shuffle(stretch)
    return stretch


def count_odd(surprises):
    """(rows counted, rows whose chance is below each of SHARES)."""
    counted = surprises[WARM_UP:]
    return (len(counted), *(sum(surprise > -math.log10(share) for surprise in counted)
                            for share in SHARES))


def item_values(item):
    """The values, as text, of (class, seed) or of (what is shuffled, row of index.csv)."""
    name, source = item
    if name not in CLASSES:
        return shuffled(source)
    return [f"{value:.6g}" if isinstance(value, float) else str(value)
            for value in made(name, source)]


def watch(program, simple_too, item):
    """(class, {detector: (rows counted, rows below each share) or None})."""
    values = item_values(item)
    times = [str(FIRST_S + row * INTERVAL_S) for row in range(len(values))]
    told = {}
    try:
        told[OURS], _ = watched.score_one(program, ("timestamp", "value"), (times, values))
    except watched.NoSeries:
        told[OURS] = None
    if simple_too:
        told[ZSCORE] = list(map(watched.tail, watched.simple(program, "zscore", ZSCORE_ROWS,
                                                             values=values)))
    return item[0], {detector: surprises and count_odd(surprises)
                     for detector, surprises in told.items()}


def measure(program, simple_too=True, series_count=SERIES):
    """{class: {detector: (rows, *shares) or None}}."""
    items = [(name, seed) for name in CLASSES for seed in range(series_count)]
    if data.has_metrics():
        items += [(f"shuffled {row['family']}", row) for row in data.labelled_series()
                  if row["family"] in SHUFFLED_FAMILIES and int(row["rows"]) > SHUFFLED_ROWS_MIN]
    counts = {}
    for name, of_detector in watched.in_parallel(partial(watch, program, simple_too), items):
        for detector, figures in of_detector.items():
            counts.setdefault(name, {}).setdefault(detector, []).append(figures)
    return {name: {detector: shares(rows) for detector, rows in of_detector.items()}
            for name, of_detector in counts.items()}


def shares(rows):
    if None in rows:
        return None
    whole, *odd = (sum(column) for column in zip(*rows, strict=True))
    return (whole, *(count / whole for count in odd))


def week_column(item):
    name, seed = item
    return array("d", made(name, seed, WEEK_ROWS))


def write_week(path, columns):
    """A column for each series, a row every 5 minutes."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(["timestamp", *(f"s{number}" for number in range(len(columns)))]))
        for row in range(WEEK_ROWS):
            file.write(f"\n{FIRST_S + row * WEEK_INTERVAL_S},")
            file.write(",".join(["%.6g" % column[row] for column in columns]))
        file.write("\n")


def odd_runs(program, column):
    """How often a z-score begins to be beyond WEEK_DEVIATIONS."""
    scores = watched.simple(program, "zscore", ZSCORE_ROWS, values=list(map(repr, column)))
    odd = [score > WEEK_DEVIATIONS for score in scores]
    return sum(now and not before for before, now in zip(odd, odd[1:]))


def week(program, series_count, simple_too=True):
    """How many findings scan tells of a clean week of all classes in turn; a z-score, or None."""
    names = list(CLASSES)
    columns = watched.in_parallel(week_column, [(names[number % len(names)], number)
                                                for number in range(series_count)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "week.csv"
        write_week(path, columns)
        _, findings = oddball.findings(program, "scan", "--findings", "all", path)
    plain = None
    if simple_too:
        plain = sum(watched.in_parallel(partial(odd_runs, program), columns))
    return len(findings), plain
