# SPDX-License-Identifier: Apache-2.0
"""petshop.py - faults put into microservices: is the node that caused one ranked first?

A node ranks as high as the first of its metrics: in the order in which the program tells them, or
by the score of a baseline.  Top-k: the share of issues whose cause is among
the first k nodes; Avg@5: the mean of top-1 to top-5.  Nodes that tie with the cause count as ahead
of it.  The normal state is the scenario's own recording without an issue, or where that is not
here, those of low and high traffic one after the other.
"""
import tempfile
from functools import cache, partial
from pathlib import Path

import data
import program as oddball
import watched

OURS = "oddball diff"
ROBUST = "distance from the median in IQR, all metrics"
ROBUST_OF_KIND = "the same, metrics of the kind that suffers"
TIME = "unix_timestamp"
FIGURES = ("top-1", "top-3", "Avg@5")


@cache
def joined(paths):
    """{name: cells} of recordings one after the other, in the order of time."""
    recordings = sorted((data.read_columns(path) for path in paths),
                        key=lambda columns: int(columns[TIME][0]))
    names = dict.fromkeys(name for columns in recordings for name in columns)
    return {name: [cell for columns in recordings
                   for cell in columns.get(name) or [""] * len(columns[TIME])] for name in names}


def numbers(cells):
    return [float(cell) for cell in cells if cell]


def quantile(ordered, share):
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


def deviation(normal, issue):
    """The largest distance from the median in units of the IQR, or of 1 if that is 0."""
    if not normal or not issue:
        return 0.0
    ordered = sorted(normal)
    median, low, high = (quantile(ordered, share) for share in (0.5, 0.25, 0.75))
    return max(abs(value - median) for value in issue) / ((high - low) or 1.0)


def node_of(name):
    return name.split("|")[0]


def strongest(scores):
    """{node: the largest score of its metrics}; scores: (name of the metric, score)."""
    nodes = {}
    for name, value in scores:
        nodes[node_of(name)] = max(value, nodes.get(node_of(name), value))
    return nodes


def rank(nodes, cause):
    """The place of the cause, from 1; None if it is not there at all."""
    if cause not in nodes:
        return None
    return sum(value >= nodes[cause] for value in nodes.values())


def robust(normal, issue, kind):
    return strongest((name, deviation(numbers(normal[name]), numbers(issue[name])))
                     for name in normal if name in issue and name != TIME and
                     (kind is None or f"|{kind}|" in name))


def by_program(program, normal, issue):
    """{node: minus its place among the findings}; None if the program does not compare series."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("noissue.csv", "issue.csv")]
        for path, columns in zip(paths, (normal, issue), strict=True):
            watched.write_table(path, columns, columns.values())
        _, findings = oddball.findings(program, "diff", "--findings", "all", *paths)
    told = [(watched.column_of(finding["signal"], issue), finding) for finding in findings]
    if told and all(name is None for name, _ in told):
        return None
    return strongest((name, -finding["rank"]) for name, finding in told if name is not None)


def watch(program, simple_too, issue):
    """(name, {detector: place of the cause; None: the cause is not told})."""
    name, normal_paths, path, target, cause = issue
    normal, of_issue = joined(tuple(normal_paths)), data.read_columns(path)
    ranks = {}
    ours = by_program(program, normal, of_issue)
    if ours is not None:
        ranks[OURS] = rank(ours, cause)
    if simple_too:
        ranks[ROBUST] = rank(robust(normal, of_issue, None), cause)
        ranks[ROBUST_OF_KIND] = rank(robust(normal, of_issue, target["metric"]), cause)
    return name, ranks


def figures(ranks):
    """(top-1, top-3, Avg@5)."""
    top = [sum(place is not None and place <= k for place in ranks) / len(ranks)
           for k in range(1, 6)]
    return top[0], top[2], sum(top) / 5


def measure(program, simple_too=True):
    return watched.in_parallel(partial(watch, program, simple_too), data.petshop())
