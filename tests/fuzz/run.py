#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - gives every fuzz target some time with libFuzzer.

    run.py BUILD SECONDS

What a target learns stays in BUILD/corpus/NAME; an input that crashes it becomes a file of the
committed corpus, tests/fuzz/corpus/NAME/crash-..., so that the fix comes with its test.
"""
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))
from report import Report  # noqa: E402

BYTES_MAX = 65536
MEMORY_MIB = 1024


def fuzz(program, build, seconds):
    name = program.name.removeprefix("fuzz_")
    learnt, committed = build / "corpus" / name, HERE / "corpus" / name
    learnt.mkdir(parents=True, exist_ok=True)
    committed.mkdir(parents=True, exist_ok=True)
    return subprocess.run([program, f"-max_total_time={seconds}", f"-max_len={BYTES_MAX}",
                           f"-rss_limit_mb={MEMORY_MIB}", "-timeout=10", "-print_final_stats=1",
                           "-verbosity=0", f"-artifact_prefix={committed}/", learnt, committed],
                          text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


def main():
    build, seconds, report = Path(sys.argv[1]).resolve(), int(sys.argv[2]), Report()
    for program in sorted((build / "tests/fuzz").glob("fuzz_*")):
        if program.is_file():
            done = fuzz(program, build, seconds)
            report.check(f"{program.name} lives {seconds} s", done.returncode == 0,
                         done.stdout[-8000:])
    report.finish()


if __name__ == "__main__":
    main()
