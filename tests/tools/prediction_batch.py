# SPDX-License-Identifier: Apache-2.0
"""prediction_batch.py - rows of models column by column, as doc/predictions.md has their bytes."""
import array
import struct
import sys

TYPE = "application/vnd.oddball.predictions"
PREDICTIONS, OUTCOMES = 1, 2
FEATURE, TIME, ID, OUTPUT, PROBABILITY, OUTCOME, SEGMENT = range(7)
REAL, SINGLE, TIMES, TEXT, CATEGORY = range(1, 6)


def text(value):
    data = value.encode()
    return struct.pack("<H", len(data)) + data


def numbers(code, values):
    data = array.array(code, values)
    if sys.byteorder == "big":
        data.byteswap()
    return data.tobytes()


def reals(values):
    """NaN is missing."""
    return REAL, numbers("d", values)


def singles(values):
    return SINGLE, numbers("f", values)


def times(values):
    """ns since 1970."""
    return TIMES, numbers("q", values)


def texts(values):
    return TEXT, b"".join(map(text, values))


def categories(values):
    """None is missing."""
    kinds = sorted({value for value in values if value is not None})
    codes = {None: 0} | {kind: number + 1 for number, kind in enumerate(kinds)}
    return CATEGORY, (struct.pack("<H", len(kinds)) + b"".join(map(text, kinds)) +
                      numbers("H", [codes[value] for value in values]))


def batch(what, model, version, rows, columns, reference=False):
    """columns: (role, name, (form, bytes))."""
    body = text(model) + text(version)
    for role, name, (form, data) in columns:
        body += bytes((role, form)) + text(name) + struct.pack("<I", len(data)) + data
    return b"ODDP" + struct.pack("<BBHIII", 1, what, reference, 20 + len(body), rows,
                                 len(columns)) + body
