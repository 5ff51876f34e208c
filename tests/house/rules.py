#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""rules.py - the rules of the house that need no compiler: sizes, words, names, registration."""
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
from report import Report  # noqa: E402

LINES_MAX, COLUMNS_MAX = 600, 100
# {"lib/room/name.c": "why this one idea needs more lines"}
LONGER = {"lib/store/duckdb.c": "a foreign library has one file, and this one is large",
          "include/oddball.h": "the whole public API is one header, which is its manual"}

# Spelt in halves, so that this file obeys itself.
FORBIDDEN_WORDS = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
MACHINE_PATHS = re.compile(r"/(?:wo" r"rk|fa" r"rm|ro" r"ot)/")

# Bytes and outputs, not text of ours.
DATA_FOLDERS = ("tests/golden/", "tests/fuzz/corpus/", "bench/results/")


def our_files():
    """{path: text} of every text file of the repository, without what is built."""
    files = {}
    for folder, below, names in os.walk(ROOT):
        below[:] = sorted(name for name in below
                          if name not in (".git", "__pycache__", "deps", "node_modules") and
                          not name.startswith("build"))
        for name in sorted(names):
            path = Path(folder, name)
            short = str(path.relative_to(ROOT))
            if not short.startswith(DATA_FOLDERS) or name.endswith((".py", "meson.build")):
                files[short] = path.read_text(errors="replace")
    return files


def is_code(path):
    return path.endswith((".c", ".h", ".py", ".js", ".jsx", ".mjs", ".css")) or (
        path == "Makefile" or (path.startswith("tools/") and not path.endswith(".json")))


def too_long(files):
    return [f"{path}: {text.count(chr(10))} lines; is it one idea?" for path, text in files.items()
            if is_code(path) and text.count("\n") > LINES_MAX and path not in LONGER]


def too_wide(files):
    """C is for form.py to judge; here are scripts."""
    return [f"{path}:{number}: longer than {COLUMNS_MAX} columns" for path, text in files.items()
            if is_code(path) and not path.endswith((".c", ".h"))
            for number, row in enumerate(text.split("\n"), 1) if len(row) > COLUMNS_MAX]


def with_words(files, words):
    return [f"{path}: {found.group()}" for path, text in files.items()
            for found in words.finditer(text) if path not in ("LICENSE", ".git")]


def without_opening(files):
    """Code begins with its licence; a header goes on with its name and its idea."""
    rows = []
    for path, text in files.items():
        if not is_code(path) or path.endswith("__init__.py"):
            continue
        head = text[:300]
        if "SPDX-License-Identifier: Apache-2.0" not in head:
            rows.append(f"{path}: no SPDX line at its head")
        elif path.endswith(".h") and f" * {Path(path).name} - " not in head:
            rows.append(f'{path}: does not open with " * {Path(path).name} - idea"')
    return rows


def unregistered(files):
    """Sources that no meson.build names: they would neither be built nor tested."""
    rows = []
    for path in files:
        if not path.endswith(".c") and not re.match(r"tests/(quality|house)/\w+\.py$", path):
            continue
        folder, name = os.path.split(path)
        stem = Path(name).stem
        written = (f"'{name}'", f"'{stem}'", f"'{stem.removeprefix('test_')}'")
        builds = []
        while folder:
            builds.append(files.get(f"{folder}/meson.build", ""))
            folder = os.path.dirname(folder)
        elsewhere = any(f"/{name}'" in text for build, text in files.items()
                        if build.endswith("meson.build"))
        if not elsewhere and not any(word in build for build in builds for word in written):
            rows.append(f"{path}: in no meson.build")
    return rows


def without_corpus(files):
    """Fuzz targets without a file to begin with."""
    rows = []
    for path, text in files.items():
        if re.match(r"tests/fuzz/\w+\.c$", path) and "LLVMFuzzerTestOneInput(const" in text:
            corpus = ROOT / "tests/fuzz/corpus" / Path(path).stem
            if "int main(" not in text and not (corpus.is_dir() and any(corpus.iterdir())):
                rows.append(f"{path}: no file in tests/fuzz/corpus/{Path(path).stem}/")
    return rows


def test_itself(report):
    long_file = {"lib/base/a.c": "\n" * (LINES_MAX + 1)}
    report.check("a_planted_long_file_is_seen", too_long(long_file))
    report.check("a_planted_wide_script_is_seen", too_wide({"tools/a": "#" * (COLUMNS_MAX + 1)}))
    word = {"lib/base/a.c": "/* TO" "DO later */"}
    report.check("a_planted_word_is_seen", with_words(word, FORBIDDEN_WORDS))
    place = {"README.md": "see /wo" "rk/notes"}
    report.check("a_planted_machine_path_is_seen", with_words(place, MACHINE_PATHS))
    bare = {"lib/base/a.h": "/* SPDX-License-Identifier: Apache-2.0 */\n"}
    report.check("a_planted_bare_header_is_seen", without_opening(bare))
    lost = {"lib/base/a.c": "", "lib/base/meson.build": "lib_sources += files('b.c')"}
    report.check("a_planted_lost_source_is_seen", unregistered(lost))
    target = {"tests/fuzz/nothing.c": "int LLVMFuzzerTestOneInput(const uint8_t *b, size_t n)"}
    report.check("a_planted_target_without_corpus_is_seen", without_corpus(target))


def main():
    report, files = Report(), our_files()
    test_itself(report)
    for name, rows in (
            ("no_file_is_over_600_lines", too_long(files)),
            ("no_script_is_over_100_columns", too_wide(files)),
            ("no_word_of_unfinished_work_is_left", with_words(files, FORBIDDEN_WORDS)),
            ("no_path_of_a_machine_is_left", with_words(files, MACHINE_PATHS)),
            ("every_file_opens_as_the_style_says", without_opening(files)),
            ("every_source_is_registered", unregistered(files)),
            ("every_fuzz_target_has_a_corpus", without_corpus(files))):
        report.check(name, not rows, "\n".join(rows))
    report.finish()


if __name__ == "__main__":
    main()
