#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""form.py - clang-format decides, but columns inside a line are the author's.

Whether declarations stand in columns is a matter of reading, and clang-format knows only "always"
and "never".  So each file is formatted both ways, runs of blanks inside a line count as one, and a
line is wrong if neither way has it.  Blocks of comments keep their shape; no line passes 100.

    form.py [--write]
"""
import difflib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
from report import Report  # noqa: E402

COLUMNS_MAX = 100
FOLDERS = ("include", "lib", "bin", "tests", "bench", "examples")
WAYS = ("None", "Consecutive")


def clang_format(text, way):
    style = (ROOT / ".clang-format").read_text() + f"AlignConsecutiveDeclarations: {way}\n"
    style_file = ROOT / "build" / f"clang-format-{way}"
    style_file.parent.mkdir(exist_ok=True)
    style_file.write_text(style)
    return subprocess.run(["clang-format", f"--style=file:{style_file}"], input=text, text=True,
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


def hunks(lines, text, way):
    """What clang-format would change: (from, to, its lines), in `lines`."""
    formatted = clang_format(text, way).split("\n")
    matcher = difflib.SequenceMatcher(None, comparable(lines), comparable(formatted),
                                      autojunk=False)
    return [(a, b, formatted[c:d]) for kind, a, b, c, d in matcher.get_opcodes()
            if kind != "equal"]


def covered(hunk, others):
    """Whether the other way finds fault at this place too."""
    return any(a <= hunk[1] and hunk[0] <= b for a, b, _ in others)


def faults(text):
    lines = text.split("\n")
    first, second = (hunks(lines, text, way) for way in WAYS)
    found = [hunk for hunk in first if covered(hunk, second)]
    return lines, found


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
    for a, b, better in reversed(found):
        lines[a:b] = better
    return "\n".join(lines)


def test_itself(report):
    good = "typedef struct {\n    int         a;  /* One. */\n    const char *bb; /* Two. */\n} T;\n"
    plain = "typedef struct {\n    int a; /* One. */\n    const char *bb; /* Two. */\n} T;\n"
    bad = "int f(void) {\n  return 1;\n}\n"
    for name, text in (("columns_are_allowed", good), ("no_columns_are_allowed", plain)):
        report.check(name, not faults(text)[1])
    lines, found = faults(bad)
    report.check("a_bad_form_is_seen", found)
    report.check("a_bad_form_is_mended",
                 mended(lines, found) == "int f(void)\n{\n    return 1;\n}\n", mended(lines, found))


def main():
    write = "--write" in sys.argv
    report, rows = Report(), []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.[ch]")):
            name = path.relative_to(ROOT)
            lines, found = faults(path.read_text())
            if write and found:
                path.write_text(mended(lines, found))
                print(f"mended {name}")
            else:
                rows += story(name, lines, found) + too_long(name, lines)
    if write:
        print("\n".join(rows), end="\n" if rows else "")
        return
    test_itself(report)
    report.check("every_c_file_has_the_form", not rows, "\n".join(rows) + "\n`make format` mends it")
    report.finish()


if __name__ == "__main__":
    main()
