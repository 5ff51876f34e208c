# SPDX-License-Identifier: Apache-2.0
"""scrub.py - seconds and rates are of the machine: in what tests compare they stand as 0."""
import re

SCRUBS = (
    (re.compile(r'("(?:seconds|rate|\w+_per_second|\w+_per_s)": ?)[-+.e\d]+'), r"\g<1>0"),
    (re.compile(r"harmful\), [\d.,]+ (?:ms|s|min)$", re.MULTILINE), "harmful), 0 s"),
    (re.compile(r"\b[\d.,]+ (?:ms|s|min), [\d.,]+ ?[kMG]? ?(lines|rows|MB|B)/s"), r"0 s, 0 \1/s"),
)


def scrubbed(text):
    for pattern, stand_in in SCRUBS:
        text = pattern.sub(stand_in, text)
    return text
