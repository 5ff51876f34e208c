#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""same_bytes.py - the same input gives the same bytes, whoever compiled and however many threads.

The first answer is that of gcc's release build on one thread.  Against it stand: the same again,
four threads, clang (with its sanitizers), and gcc for this processor (which may use FMA), each for
every kind of log.

    same_bytes.py PROGRAM     the other builds are looked for beside its folder
"""
import platform
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
import logmaker  # noqa: E402
from report import Report  # noqa: E402
from scrub import scrubbed  # noqa: E402

ROWS, SEED = 30000, 7
OTHER_BUILDS = (("clang", "build-asan"), ("this_processor", "build-native"))
COMMANDS = {
    "patterns": ("patterns",),
    "score": ("score",),
    "sessions": ("score", "--sessions"),
    "scan": ("scan", "--format", "json"),
}


def answer(program, threads, command, path):
    done = subprocess.run([program, *command, "--threads", str(threads), path], text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return f"status {done.returncode}\n{scrubbed(done.stdout)}{scrubbed(done.stderr)}"


def first_difference(one, other):
    for number, (a, b) in enumerate(zip(one.splitlines(), other.splitlines()), 1):
        if a != b:
            return f"line {number}\n- {a}\n+ {b}"
    return f"{len(one)} bytes against {len(other)}"


def variants(program):
    """(name, program, threads) of all that must agree with one thread of `program`."""
    rows = [("again", program, 1), ("four_threads", program, 4)]
    for name, folder in OTHER_BUILDS:
        other = program.parent.parent / folder / program.name
        rows += [(f"{name}_one_thread", other, 1), (f"{name}_four_threads", other, 4)]
    return rows


def has_fma():
    """Every aarch64 has fused multiply-add; of x86-64 the kernel says it."""
    return platform.machine() == "aarch64" or " fma " in Path("/proc/cpuinfo").read_text()


def compare(report, program, name, command, path):
    first = answer(program, 1, command, path)
    good = first.startswith(("status 0", "status 1")) and first.count("\n") > 2
    report.check(f"{name}_answers", good, first[:2000])
    rows = [row for row in variants(program) if row[1].exists()]
    with ThreadPoolExecutor(2) as pool:
        others = pool.map(lambda row: answer(row[1], row[2], command, path), rows)
        for row, other in zip(rows, others):
            report.check(f"{name}_{row[0]}_gives_the_same_bytes", other == first,
                         first_difference(first, other))


def main():
    program, report = Path(sys.argv[1]).resolve(), Report()
    for name, folder in OTHER_BUILDS:
        if not (program.parent.parent / folder / program.name).exists():
            report.skip(f"{name}_gives_the_same_bytes", f"no {folder}; `make {folder}` makes it")
    if not has_fma():
        report.skip("with_fma_gives_the_same_bytes", "this processor has none")
    with tempfile.TemporaryDirectory() as folder:
        for kind in logmaker.KINDS:
            lines, _ = logmaker.make(kind, ROWS, SEED, logmaker.WHATS)
            path = Path(folder, f"{kind}.log")
            path.write_text("\n".join(lines) + "\n")
            for name, command in COMMANDS.items():
                compare(report, program, f"{kind}_{name}", command, str(path))
        compare(report, program, "folder_scan", COMMANDS["scan"], folder)
    report.finish()


if __name__ == "__main__":
    main()
