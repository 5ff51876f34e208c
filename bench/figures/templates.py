# SPDX-License-Identifier: Apache-2.0
"""templates.py - how well patterns agree with templates made by hand: the only scorer of these.

GA   share of lines whose group is exactly a group of the labels as first published
FGA  harmonic mean of the shares of exact groups among ours and theirs (labels as corrected)
PA   share of lines whose pattern is, as text, exactly the corrected template
FTA  as FGA, for groups of equal text whose lines all have that very template

Definitions: Zhu et al., ICSE-SEIP 2019; Khan et al., ICSE 2022; Jiang et al., ISSTA 2024.
"""
import re
import tempfile
from collections import defaultdict
from pathlib import Path

import data
import program as oddball

NAMES = ("GA", "FGA", "PA", "FTA")
DIGIT_WORD = re.compile(r"\S*[0-9]\S*")


def groups_of(labels):
    groups = defaultdict(list)
    for row, label in enumerate(labels):
        groups[label].append(row)
    return {tuple(rows) for rows in groups.values()}


def harmonic(exact, ours, theirs):
    return 2 * exact / (ours + theirs)


def agreement(groups, texts, labels):
    """(GA, FGA, PA, FTA).  groups, texts: per line our group and our pattern."""
    first = groups_of(original for _, original, _ in labels)
    later = groups_of(corrected for _, _, corrected in labels)
    ours = groups_of(groups)
    right = [text == corrected for text, (_, _, corrected) in zip(texts, labels, strict=True)]
    by_text = groups_of(texts)
    exact_text = sum(all(right[row] for row in rows) for rows in by_text)
    return (sum(len(rows) for rows in ours & first) / len(labels),
            harmonic(len(ours & later), len(ours), len(later)),
            sum(right) / len(labels), harmonic(exact_text, len(by_text), len(later)))


def answer_of(program, content):
    """Per row of a log: (our group, its pattern), by way of the program alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.log"
        path.write_bytes(content)
        texts = oddball.patterns(program, path)
        signals = [row["signal"] for row in oddball.scores(program, path)]
    return signals, [texts.get(signal, "") for signal in signals]


def agreement_of_set(program, name, raw):
    """Of the raw lines with their header, or of the messages alone as published."""
    labels = data.loghub_labels(name)
    content = data.loghub_raw(name) if raw else b"".join(
        message.encode("utf-8", "surrogateescape") + b"\n" for message, _, _ in labels)
    signals, texts = answer_of(program, content)
    if len(signals) != len(labels):
        raise RuntimeError(f"{name}: {len(labels)} lines, {len(signals)} rows of score")
    return agreement(signals, texts, labels)


def agreement_of_masking(name):
    """The baseline: each word with a digit is a variable, equal text is one group."""
    labels = data.loghub_labels(name)
    texts = [DIGIT_WORD.sub("<*>", message) for message, _, _ in labels]
    return agreement(texts, texts, labels)
