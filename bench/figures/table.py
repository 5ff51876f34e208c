# SPDX-License-Identifier: Apache-2.0
"""table.py - a table of figures as plain text, printed and kept in bench/results/NAME.txt."""
import os
import textwrap
from pathlib import Path

RESULTS = Path(__file__).resolve().parent.parent / "results"


def machine():
    """The processor's name and the number of cores that may be used."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{models[0] if models else 'unknown processor'}, {len(os.sched_getaffinity(0))} cores"


def cell(value):
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def mean(rows):
    """The means of columns of numbers; a column with a missing number has none."""
    return [None if None in column else sum(column) / len(column)
            for column in zip(*rows, strict=True)]


class Table:
    def __init__(self, name, title, columns):
        self.name, self.title, self.rows, self.notes = name, title, [columns], []

    def row(self, *cells):
        self.rows.append([cell(value) for value in cells])

    def note(self, text):
        self.notes.append(textwrap.fill(text, 100))

    def text(self):
        widths = [max(len(row[i]) for row in self.rows) for i in range(len(self.rows[0]))]
        lines = [self.title, ""]
        for row in self.rows:
            cells = [text.rjust(width) for text, width in zip(row, widths, strict=True)]
            lines.append("  ".join([row[0].ljust(widths[0]), *cells[1:]]).rstrip())
        return "\n".join([*lines, "", *self.notes]) + "\n"


def publish(name, tables):
    """Prints the tables and keeps them, under a line that names the machine."""
    text = f"Machine: {machine()}\n\n" + "\n".join(table.text() for table in tables)
    print(text, flush=True)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.txt").write_text(text, encoding="utf-8")
