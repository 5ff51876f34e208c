# SPDX-License-Identifier: Apache-2.0
"""lake_maker.py - rows of tables as bytes (lib/event/table.h), jobs for `oddball lake-child`."""
import os
import struct
import subprocess

INT, REAL, TIME, HASH, TEXT, BLOB, TEXTS = range(1, 8)

# As lib/event/tables.h has them.
COLUMNS = {
    "logs": (("time", TIME), ("known", TIME), ("source", TEXT), ("seq", INT), ("level", TEXT),
             ("pattern", HASH), ("template", HASH), ("head", TEXT), ("vars", TEXTS),
             ("raw", BLOB), ("attributes", TEXT), ("position", INT)),
    "samples": (("time", TIME), ("source", TEXT), ("series", TEXT), ("value", REAL),
                ("expected", REAL), ("lower", REAL), ("upper", REAL), ("surprise", REAL),
                ("class", TEXT), ("position", INT)),
    "commits": (("position", INT), ("known", TIME), ("skeleton", BLOB)),
    "templates": (("template", HASH), ("pattern", HASH), ("gaps", TEXTS)),
    "sources": (("source", TEXT), ("kind", TEXT), ("rows", INT), ("records", INT),
                ("samples", INT), ("bytes", INT), ("first_time", TIME), ("last_time", TIME),
                ("known", TIME), ("late", INT), ("cut", INT)),
}
TABLES = ("logs", "samples", "commits", "rates", "predictions", "outcomes", "templates",
          "patterns", "findings", "incidents", "sources")

FIELD, COLUMN, MISSING, BOOL, INTEGER, NUMBER, STRING, CUT, NOTE, ANSWER, END = range(1, 12)


def varint(value):
    out = bytearray()
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def sized(text):
    return varint(len(text)) + text


ENCODE = {
    INT: struct.Struct("<q").pack, REAL: struct.Struct("<d").pack, TIME: struct.Struct("<q").pack,
    HASH: struct.Struct("<Q").pack, TEXT: sized, BLOB: sized,
    TEXTS: lambda texts: varint(len(texts)) + b"".join(map(sized, texts)),
}


def chunk(table, rows):
    """rows: tuples in the order of COLUMNS[table], None where a cell is missing; texts as bytes."""
    columns = COLUMNS[table]
    head = struct.pack("<QB", len(rows), len(columns))
    head += b"".join(bytes((kind, len(name))) + name.encode() for name, kind in columns)
    encoders = [ENCODE[kind] for _, kind in columns]
    size = (len(columns) + 7) // 8
    out = [head]
    for row in rows:
        missing = 0
        cells = []
        for i, cell in enumerate(row):
            if cell is None:
                missing |= 1 << i
            else:
                cells.append(encoders[i](cell))
        out.append(missing.to_bytes(size, "little") + b"".join(cells))
    rest = b"".join(out)
    return b"oddtab1\n" + struct.pack("<Q", len(rest)) + rest


def frame(kind, data):
    return struct.pack("<BI", kind, len(data)) + data


def frames(data):
    at = 0
    while at + 5 <= len(data):
        kind, size = struct.unpack_from("<BI", data, at)
        yield kind, data[at + 5:at + 5 + size]
        at += 5 + size


def child(program, lake, task, library, hot=None, **fields):
    """Runs one job; gives (rc, sentence, answer)."""
    hot = hot or {}
    fields = {"task": task, "lake": lake, "library": library, "parent": os.getpid(),
              "hot": "".join(chr(ord("a") + TABLES.index(name)) for name in hot), **fields}
    job = b"".join(frame(FIELD, f"{name}\0{value}\0".encode()) for name, value in fields.items())
    for name, data in hot.items():
        made = os.memfd_create(name)
        with os.fdopen(made, "wb", closefd=False) as file:
            file.write(data)
        os.dup2(made, 10 + TABLES.index(name), inheritable=True)
        os.close(made)
    places = [10 + TABLES.index(name) for name in hot]
    done = subprocess.run([program, "lake-child"], input=job, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, pass_fds=places)
    for place in places:
        os.close(place)
    answer = ""
    for kind, data in frames(done.stdout):
        if kind == ANSWER:
            answer = data.decode()
        if kind == END:
            return data[0], data[1:].decode(), answer
    return -1, f"status {done.returncode}: {done.stderr.decode()}", answer
