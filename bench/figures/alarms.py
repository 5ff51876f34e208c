# SPDX-License-Identifier: Apache-2.0
"""alarms.py - whether lines that operators marked as alarms surprise more than others: BGL 2k."""
import re
import tempfile
from collections import Counter
from pathlib import Path

import data
import program as oddball

SEVERE = re.compile(rb"\b(?:ERROR|FATAL|SEVERE|FAILURE|WARNING)\b")


def area(scores, labels):
    """The chance that an alarm scores higher than another line; ties count half."""
    better = 0.0
    higher, alarms = 0, sum(labels)
    of_score = Counter(scores)
    alarms_of = Counter(score for score, label in zip(scores, labels, strict=True) if label)
    for score in sorted(of_score):
        others = of_score[score] - alarms_of[score]
        better += alarms_of[score] * (higher + others / 2)
        higher += others
    return better / (alarms * (len(labels) - alarms))


def measure(program):
    """Rows (name, area under the ROC curve): ours, then the baseline."""
    rows = [row.split(b" ", 1) for row in data.loghub_raw("BGL").splitlines()]
    labels = [mark != b"-" for mark, _ in rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bgl.log"
        path.write_bytes(b"".join(line + b"\n" for _, line in rows))
        ours = [float(row["surprise"]) for row in oddball.scores(program, path)]
    words = [SEVERE.search(line) is not None for _, line in rows]
    return [("surprise of oddball score", area(ours, labels)),
            ("a severe word in the line", area(words, labels))]
