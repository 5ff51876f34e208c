# SPDX-License-Identifier: Apache-2.0
"""sessions.py - how well odd sessions agree with labels, in the order of arrival.

A session is said to be odd from a surprise of 3 on, with no look at the labels.  "Best k" is the F1
at the best number of sessions, which nobody knows without labels; equal surprises go together.
"""
import math
import re
import subprocess
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
    truth = sum(labels[key] for key in surprises)
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


def blocks_of(content):
    """Per line the blocks that it names."""
    return [set(BLOCK.findall(line)) for line in content.decode("latin-1").splitlines()]


def first_normal(blocks, labels):
    """The first tenth of the normal sessions, by their first lines."""
    ordered = dict.fromkeys(block for of_line in blocks for block in sorted(of_line))
    normal = [block for block in ordered if not labels[block]]
    return set(normal[:len(normal) // 10])


def with_reference(helper, content, blocks, known, folder):
    """{session: surprise} of the others, when the sessions of `known` are given as good."""
    good, rest = Path(folder) / "good.log", Path(folder) / "rest.log"
    lines = content.splitlines(keepends=True)
    good.write_bytes(b"".join(line for line, of in zip(lines, blocks, strict=True) if of <= known))
    rest.write_bytes(b"".join(line for line, of in zip(lines, blocks, strict=True)
                              if not of <= known))
    done = subprocess.run([helper, good, rest], stdout=subprocess.PIPE, check=True, text=True)
    rows = (line.split(",") for line in done.stdout.splitlines()[1:])
    return {key: float(surprise) for key, surprise in rows if key not in known}


def baselines(blocks, signals):
    """{name: {session: surprise}}."""
    vectors = defaultdict(Counter)
    for of_line, signal in zip(blocks, signals, strict=True):
        for block in of_line:
            vectors[block][signal] += 1
    shapes = {key: frozenset(vector.items()) for key, vector in vectors.items()}
    lengths = {key: vector.total() for key, vector in vectors.items()}
    return {"rarity of the count vector": rarity(shapes), "rarity of the length": rarity(lengths)}


def measure(program):
    """Rows (name, F1, precision, recall, said, best-k F1) for HDFS 2 %: ours, then baselines."""
    content, labels = data.hdfs()
    blocks = blocks_of(content)
    helper = Path(program).resolve().parent / "bench/reference"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hdfs.log"
        path.write_bytes(content)
        alone = {row["session"]: float(row["surprise"])
                 for row in oddball.scores(program, path, "--sessions")}
        signals = [row["signal"] for row in oddball.scores(program, path)]
        given = with_reference(helper, content, blocks, first_normal(blocks, labels), folder)
    if set(alone) != set(labels):
        raise RuntimeError("the sessions found are not the blocks that are labelled")
    said = {"oddball score --sessions": alone, "first tenth of the normal ones given": given,
            **baselines(blocks, signals)}
    return [(name, *agreement(surprises, labels)) for name, surprises in said.items()]
