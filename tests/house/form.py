#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""form.py - clang-format decides, but columns and tables are the author's.

Whether declarations stand in columns is a matter of reading, and clang-format knows only "always"
and "never".  So each file is formatted both ways, runs of blanks inside a line count as one, and a
line is wrong if neither way has it.  Where the rows of a table or of a switch break, and how a
comment is laid out, is the author's too; but no line passes 100 columns.

    form.py [--write]
"""
import difflib
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
from report import Report  # noqa: E402

COLUMNS_MAX = 100
FOLDERS = ("include", "lib", "bin", "tests", "bench", "examples")
WAYS = ("None", "Consecutive")  # Of AlignConsecutiveDeclarations.

# Rows of literals or short names, designated fields, a case with what it does, and their beginning.
TABLE_ROW = re.compile(r"""\s*([]["'{}.\d-]|(\w+,\s*)+\w*$|(case\b|default:))|.*= (\(\w+\))?\{""")


def clang_format(text, way):
    style = (ROOT / ".clang-format").read_text() + f"AlignConsecutiveDeclarations: {way}\n"
    with tempfile.NamedTemporaryFile("w", suffix=".clang-format") as file:
        file.write(style)
        file.flush()
        return subprocess.run(["clang-format", f"--style=file:{file.name}"], input=text, text=True,
                              stdout=subprocess.PIPE, check=True).stdout


def comparable(lines):
    """Lines with single blanks inside; within a comment that began on an earlier line, and in the
    line of a macro that goes on, without the blanks around them too."""
    inside, result = False, []
    for line in lines:
        body = re.sub(r"(?<=\S)\s+", " ", line).rstrip()
        result.append(body.strip() if inside else body)
        opened, closed = line.rfind("/*"), line.rfind("*/")
        inside = opened > closed or (inside and closed < 0)
    return result


def is_table(lines, better):
    """Rows of a table or switch that differ from clang-format's only in where they break."""
    def squeezed(rows):
        return re.sub(r"\s", "", "".join(rows))
    return all(TABLE_ROW.match(row) for row in lines) and squeezed(lines) == squeezed(better)


def hunks(lines, text, way):
    """What clang-format would change: (from, to, its lines), in `lines`."""
    formatted = clang_format(text, way).split("\n")
    here, there = comparable(lines), comparable(formatted)
    if here == there:
        return []
    matcher = difflib.SequenceMatcher(None, here, there, autojunk=False)
    return [(a, b, formatted[c:d]) for kind, a, b, c, d in matcher.get_opcodes()
            if kind != "equal" and not is_table(lines[a:b], formatted[c:d])]


def touching(hunk, others):
    return [other for other in others if other[0] <= hunk[1] and hunk[0] <= other[1]]


def size(some):
    return sum(b - a + len(better) for a, b, better in some)


def faults(text):
    """The lines of a text, and what neither way has: the hunks of the way that comes nearer."""
    lines = text.split("\n")
    first, found = hunks(lines, text, WAYS[0]), []
    second = hunks(lines, text, WAYS[1]) if first else []
    for hunk in first:
        nearer = min([hunk], touching(hunk, second), key=size)
        found += [one for one in nearer if not touching(one, found)]
    return lines, sorted(found, key=lambda one: one[0])


def story(path, lines, found):
    rows = []
    for a, b, better in found:
        rows += [f"{path}:{a + 1}"] + ["- " + row for row in lines[a:b]]
        rows += ["+ " + row for row in better]
    return rows


def too_long(path, lines):
    return [f"{path}:{number}: longer than {COLUMNS_MAX} columns"
            for number, row in enumerate(lines, 1) if len(row) > COLUMNS_MAX]


def mended(lines, found):
    rows = list(lines)
    for a, b, better in reversed(found):
        rows[a:b] = better
    # Not a letter is lost or doubled (includes may change places).
    assert letters(rows) == letters(lines)
    return "\n".join(rows)


def letters(lines):
    return sorted(re.sub(r"[\s\\]", "", "".join(lines)))


GOOD = {
    "columns": "typedef struct {\n    int         a; /* One. */\n    const char *b; /* Two. */\n"
               "} T;\n",
    "no_columns": "typedef struct {\n    int a;         /* One. */\n    const char *b; /* Two. */\n"
                  "} T;\n",
    "short_cases": "int f(int x)\n{\n    switch (x) {\n    case 1: case 2: return 2;\n"
                   "    default: return 3;\n    }\n}\n",
    "a_table": "static const int table[] = {\n    1, 2,\n    3, 4,\n};\n",
}
BAD = "int f(void) {\n  return 1;\n}\n"
MENDED = "int f(void)\n{\n    return 1;\n}\n"


def test_itself(report):
    for name, text in GOOD.items():
        lines, found = faults(text)
        report.check(f"{name}_may_be", not found, "\n".join(story(name, lines, found)))
    lines, found = faults(BAD)
    report.check("a_planted_bad_form_is_seen_and_mended", mended(lines, found) == MENDED, found)


def main():
    write = "--write" in sys.argv
    report, rows = Report(), []
    paths = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.[ch]")
                   if "node_modules" not in path.parts)
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        answers = list(pool.map(lambda path: faults(path.read_text()), paths))
    for path, (lines, found) in zip(paths, answers):
        name = path.relative_to(ROOT)
        if write and found:
            path.write_text(mended(lines, found))
            print(f"mended {name}")
        else:
            rows += story(name, lines, found) + too_long(name, lines)
    if write:
        print("\n".join(rows), end="\n" if rows else "")
        return
    test_itself(report)
    rows += ["`make format` mends all but comments"] if rows else []
    report.check("every_c_file_has_the_form", not rows, "\n".join(rows))
    report.finish()


if __name__ == "__main__":
    main()
