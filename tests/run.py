#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - all that `make test` promises: one line for each group, the sum last.

A group is one or more suites of one build folder, run by meson on all cores and one more, since
many tests wait; of each test program that fails, the output is shown.  Counted are the sentences
that a program prints (see tests/tools/report.py), or the program itself if it prints none.

    tests/run.py [WORD...]      all groups, or the suites whose name contains one of the words, and
                                the groups whose title does
"""
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
from report import total  # noqa: E402

CORES = len(os.sched_getaffinity(0))
STORY_MAX = 8000  # Characters shown of what failed.

# Title, build folder (a target of the Makefile), suites; none: that it compiles without a warning.
GROUPS = (
    ("gcc: compiles", "build", ()),
    ("clang, ASan and UBSan: compiles", "build-asan", ()),
    ("gcc for this processor: compiles", "build-native", ()),
    # Many of these wait, for a second to pass or another program: beside them others run.
    ("gcc: units, outputs, clients", "build", ("unit", "fuzz", "golden", "clients")),
    ("sanitizers: units, outputs", "build-asan", ("unit", "fuzz", "golden")),
    ("the server from outside", "build", ("serve",)),
    ("same bytes from every build", "build", ("determinism",)),
    ("linters", "build", ("lint",)),
    # Some of these are long and have but one thread: side by side they take less than in turn.
    ("rules of the house, quality, weeks", "build", ("quality", "sim", "house")),
)

# What cmocka, tests/fuzz/replay.c and tests/tools/report.py print.  cmocka names what failed or was
# skipped twice, and puts the story of a failure behind "[  ERROR   ] ---".
PASSED = re.compile(r"^\[ +OK \] (.+)$", re.MULTILINE)
FAILED = re.compile(r"^\[ +(?:FAILED|ERROR) +\] (?!---|\d+ test)(.+)$", re.MULTILINE)
TOTAL = re.compile(r"^\d+ passed, \d+ failed", re.MULTILINE)
SKIPPED = re.compile(r"^\[ +SKIPPED \] (?!\d+ test)(.+)$", re.MULTILINE)


def count(test):
    """How many sentences of one test program passed, failed and were skipped."""
    text = test.get("stdout", "") + "\n" + test.get("stderr", "")
    passed = len(PASSED.findall(text))
    failed = len(set(FAILED.findall(text)))
    skipped = len(set(SKIPPED.findall(text)))
    if test["result"] not in ("OK", "SKIP"):
        failed = max(failed, 1)
    elif passed + skipped == 0 and not TOTAL.search(text):
        passed, skipped = int(test["result"] == "OK"), int(test["result"] == "SKIP")
    return {"passed": passed, "failed": failed, "skipped": skipped}


def story(test):
    """What a test program printed, without the sentences that are true."""
    rows = (test.get("stdout", "") + test.get("stderr", "")).splitlines()
    return "\n".join(row for row in rows if not re.match(r"\[ (      OK|RUN     ) \]", row))


def compile_build(folder):
    """As one sentence: the build folder is made, with warnings as errors."""
    done = subprocess.run(["make", "-s", folder], cwd=ROOT, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    good = done.returncode == 0
    if not good:
        broken = re.search("^(FAILED|.*ERROR): ", done.stdout, re.MULTILINE)
        print(done.stdout[broken.start() if broken else 0:][:STORY_MAX])
    return {"passed": int(good), "failed": int(not good), "skipped": 0}


def run_suites(folder, suites):
    """The sums over all test programs of these suites, run by meson."""
    log = ROOT / folder / "meson-logs" / f"{'-'.join(suites)}.json"
    log.unlink(missing_ok=True)
    command = ["meson", "test", "-C", folder, "--no-rebuild", f"--num-processes={CORES + 1}",
               f"--logbase={log.stem}"]
    for suite in suites:
        command += ["--suite", suite]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    tests = [json.loads(line) for line in log.open()] if log.exists() else []
    for test in tests:
        for outcome, number in count(test).items():
            counts[outcome] += number
        if test["result"] not in ("OK", "SKIP"):
            print(f"--- {test['name']}: {test['result']}")
            print(story(test)[-STORY_MAX:])
    if done.returncode != 0 and counts["failed"] == 0:
        counts["failed"] = 1
        print(done.stdout[-STORY_MAX:])
    return counts


def asked(words):
    """The groups asked for, each with the suites asked for."""
    for title, folder, suites in GROUPS:
        named = tuple(suite for suite in suites if any(word in suite for word in words))
        if named:
            yield title, folder, named
        elif not words or any(word in title for word in words):
            yield title, folder, suites


def chosen(words):
    """The groups asked for, behind the compilation of each build folder that they need."""
    groups = list(asked(words))
    folders = {folder for _, folder, _ in groups}
    if any("determinism" in suites for _, _, suites in groups):
        folders |= {"build-asan", "build-native"}
    compiled = [group for group in GROUPS if not group[2] and group[1] in folders]
    return compiled + [group for group in groups if group not in compiled]


def main(words):
    sums = {"passed": 0, "failed": 0, "skipped": 0}
    broken = set()
    for title, folder, suites in chosen(words):
        if folder in broken:
            print(f"{title:34} not run: {folder} does not compile", flush=True)
            continue
        begin = time.monotonic()
        counts = run_suites(folder, suites) if suites else compile_build(folder)
        if not suites and counts["failed"]:
            broken.add(folder)
        for outcome, number in counts.items():
            sums[outcome] += number
        seconds = time.monotonic() - begin
        print(f"{title:34} {total(**counts):32} {seconds:6.1f} s", flush=True)
    print(total(**sums))
    return 1 if sums["failed"] or not any(sums.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
