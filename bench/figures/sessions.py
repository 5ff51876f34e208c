# SPDX-License-Identifier: Apache-2.0
"""sessions.py - how well odd sessions agree with labels, in the order of arrival.

A session is said to be odd from a surprise of 3 on, with no look at the labels.  "Best k" is the F1
at the best number of sessions, which nobody knows without labels; equal surprises go together.
"""
import math
import re
import tempfile
from collections import Counter, defaultdict
from itertools import groupby
from pathlib import Path

import data
import program as oddball

THRESHOLD = 3.0
BLOCK = re.compile(r"blk_-?[0-9]+")


def f1(hits, said, truth):
    return 2 * hits / (said + truth) if said + truth else 0.0


def agreement(surprises, labels):
    """(F1, precision, recall, sessions said, best-k F1).  Both: {session: value}."""
    truth = sum(labels.values())
    said = [key for key, surprise in surprises.items() if surprise >= THRESHOLD]
    hits = sum(labels[key] for key in said)
    best, count, right = 0.0, 0, 0
    ranked = sorted(surprises, key=lambda key: -surprises[key])
    for _, tied in groupby(ranked, key=surprises.get):
        keys = list(tied)
        count, right = count + len(keys), right + sum(labels[key] for key in keys)
        best = max(best, f1(right, count, truth))
    return (f1(hits, len(said), truth), hits / max(len(said), 1), hits / truth, len(said), best)


def rarity(traits):
    """-log10 of the share of sessions that have the same trait."""
    counts = Counter(traits.values())
    return {key: -math.log10(counts[trait] / len(traits)) for key, trait in traits.items()}


def measure(program):
    """Rows (name, F1, precision, recall, said, best-k F1) for HDFS 2 %: ours, then baselines."""
    content, labels = data.hdfs()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hdfs.log"
        path.write_bytes(content)
        ours = {row["session"]: float(row["surprise"])
                for row in oddball.scores(program, path, "--sessions")}
        signals = [row["signal"] for row in oddball.scores(program, path)]
    vectors = defaultdict(Counter)
    for line, signal in zip(content.decode("latin-1").splitlines(), signals, strict=True):
        for block in set(BLOCK.findall(line)):
            vectors[block][signal] += 1
    if set(ours) != set(labels) or set(vectors) != set(labels):
        raise RuntimeError("the sessions found are not the blocks that are labelled")
    shapes = {key: frozenset(vector.items()) for key, vector in vectors.items()}
    lengths = {key: vector.total() for key, vector in vectors.items()}
    return [("oddball score --sessions", *agreement(ours, labels)),
            ("rarity of the count vector", *agreement(rarity(shapes), labels)),
            ("rarity of the length", *agreement(rarity(lengths), labels))]
