# SPDX-License-Identifier: Apache-2.0
"""injections.py - tables in which one thing is wrong, put there: the right verdict is known."""
import json
import random

import baselines
import models
from program import answer

SETS = {"carloan": ("repaid", {"category": "salary_range", "number": "loan_length",
                               "real": "car_value"}),
        "hotel": ("is_canceled", {"category": "market_segment", "number": "lead_time",
                                  "real": "adr"})}
REFERENCE_ROWS, CURRENT_ROWS = 8000, 4000


def quiet(rows, rng, spec):
    return rng.sample(rows, CURRENT_ROWS)


def weighted(rows, rng, weights):
    return rng.choices(rows, weights, k=CURRENT_ROWS)


def sureness(row):
    return abs(float(row["y_pred_proba"]) - 0.5)


def rank_shares(rows, name):
    """The rank of each row's number among all, 0 to 1."""
    ordered = sorted(range(len(rows)), key=lambda i: float(rows[i][name]))
    shares = [0.0] * len(rows)
    for rank, i in enumerate(ordered):
        shares[i] = rank / len(rows)
    return shares


def harmless(rows, rng, spec):
    """More rows with high numbers, as many of each sureness and prediction as before."""
    shares = rank_shares(rows, spec[1]["real"])
    groups = {}
    for i, row in enumerate(rows):
        groups.setdefault((round(sureness(row) * 20), row["y_pred"]), []).append(i)
    chosen = []
    for members in groups.values():
        count = round(CURRENT_ROWS * len(members) / len(rows))
        chosen += rng.choices(members, [0.05 + shares[i] ** 2 for i in members], k=count)
    rng.shuffle(chosen)
    return [rows[i] for i in chosen]


def harmful(rows, rng, spec):
    """More of the rows that the model is least sure of."""
    return weighted(rows, rng, [0.02 + (1 - 2 * sureness(row)) ** 2 for row in rows])


def turned(rows, rng, spec, is_turned):
    outcome = spec[0]
    chosen = [dict(row) for row in quiet(rows, rng, spec)]
    for row in chosen:
        if is_turned(row):
            row[outcome] = str(1 - int(float(row[outcome])))
    return chosen


def concept(rows, rng, spec):
    return turned(rows, rng, spec, lambda row: rng.random() < 0.12)


def concept_of_some(rows, rng, spec):
    """Only where a number is high the rule changes."""
    name = spec[1]["number"]
    limit = sorted(float(row[name]) for row in rows)[len(rows) * 3 // 4]
    return turned(rows, rng, spec,
                  lambda row: float(row[name]) >= limit and rng.random() < 0.35)


def changed(rows, rng, spec, name, share, value):
    chosen = [dict(row) for row in quiet(rows, rng, spec)]
    for row in chosen[len(chosen) // 2:]:
        if rng.random() < share:
            row[name] = value(row[name])
    return chosen


def missing(rows, rng, spec):
    return changed(rows, rng, spec, spec[1]["category"], 0.2, lambda cell: "")


def unit(rows, rng, spec):
    return changed(rows, rng, spec, spec[1]["real"], 0.5, lambda cell: str(float(cell) * 1000))


def text(rows, rng, spec):
    return changed(rows, rng, spec, spec[1]["number"], 0.2, lambda cell: "unknown")


def unseen(rows, rng, spec):
    return changed(rows, rng, spec, spec[1]["category"], 0.3, lambda cell: cell.upper() + "_V2")


CASES = {"quiet": (quiet, "none"), "harmless": (harmless, "harmless covariate"),
         "harmful": (harmful, "harmful covariate"), "concept": (concept, "concept"),
         "concept of some": (concept_of_some, "concept"), "missing": (missing, "pipeline"),
         "unit": (unit, "pipeline"), "text": (text, "pipeline"), "unseen": (unseen, "pipeline")}


def rows_of(name):
    columns = models.columns_of(f"{name}/reference.csv")
    for column in ("timestamp", "Index"):
        columns.pop(column, None)
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def as_columns(rows):
    return {name: [row[name] for row in rows] for name in rows[0]}


def verdict(program, folder, outcome, good, now):
    good_file = models.table_file(folder, "good.csv", as_columns(good))
    now_file = models.table_file(folder, "now.csv", as_columns(now))
    _, told = answer(program, "diff", "--quiet", "--format", "json", "--outcome", outcome,
                     good_file, now_file, good=(0, 1))
    return json.loads(told)["summary"]["verdict"]


def naive_verdict(outcome, good, now):
    """Fewer right answers are a concept drift; else a KS test of any number is a covariate's."""
    def errors(rows):
        return [float(row["y_pred"]) != float(row[outcome]) for row in rows]

    before, after = errors(good), errors(now)
    share = sum(before) / len(before)
    worse = sum(after) / len(after) - share
    if worse > 3 * (share * (1 - share) / len(after)) ** 0.5:
        return "concept"
    for name in good[0]:
        try:
            ordered = sorted(float(row[name]) for row in good)
            chance = baselines.ks_chance(ordered, [float(row[name]) for row in now])
        except ValueError:
            continue
        if chance < 0.05 / len(good[0]):
            return "harmless covariate"
    return "none"


def verdicts(program, folder, seeds, sets=tuple(SETS)):
    """{case: [(right verdict, told verdict, that of a naive rule)]}."""
    found = {}
    for name in sets:
        spec, rows = SETS[name], rows_of(name)
        for seed in seeds:
            rng = random.Random(seed)
            mixed = rng.sample(rows, len(rows))
            good, rest = mixed[:REFERENCE_ROWS], mixed[REFERENCE_ROWS:]
            for case, (inject, right) in CASES.items():
                now = inject(rest, rng, spec)
                found.setdefault(case, []).append(
                    (right, verdict(program, folder, spec[0], good, now),
                     naive_verdict(spec[0], good, now)))
    return found
