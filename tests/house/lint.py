#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lint.py - clang-tidy and cppcheck over every C file that the build compiles.

A file that clang-tidy found clean is not read again until it, a header of ours, its flags or the
configuration changes: the hash of all that is kept in BUILD/lint-cache/.

The analyzer of clang-tidy takes nearly all of the time, so it follows fewer paths here than it
would by itself; with --deep, as in `make lint`, all of them.

    lint.py BUILD [--deep]
"""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
from report import Report  # noqa: E402

CORES = len(os.sched_getaffinity(0))
# Clang's own is 225,000, at five times the time.
FEWER_PATHS = [f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang",
                                                  "max-nodes=5000")]
FOLDERS = ("include", "lib", "bin", "tests", "bench", "examples")


def run(*command):
    return subprocess.run(command, cwd=ROOT, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def compiled(build):
    """{path: how it is compiled} of our C files; the same file in two targets counts once."""
    rows = json.loads((build / "compile_commands.json").read_text())
    paths = {os.path.realpath(Path(row["directory"], row["file"])): row["command"] for row in rows}
    return {os.path.relpath(path, ROOT): command for path, command in sorted(paths.items())}


def common_key():
    """The hash of all that every file depends on."""
    key = hashlib.sha256(run("clang-tidy", "--version").stdout.encode())
    for path in (ROOT, ROOT / "tests", ROOT / "bench"):
        key.update((path / ".clang-tidy").read_bytes())
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.h")):
            key.update(path.read_bytes())
    return key


def findings(text):
    """What a linter found, without the path on which it came there (`clang-tidy -p build FILE`)."""
    rows = [row for row in text.splitlines() if re.search(r":\d+:\d+: (?!note)\w+: |^error: ", row)]
    return "\n".join(rows).replace(str(ROOT) + "/", "").replace("build/../", "").replace("../", "")


def tidy(build, path, command, key, depth):
    """Whether clang-tidy is content with a file, and what it says."""
    key = key.copy()
    key.update(" ".join([command, *depth]).encode() + (ROOT / path).read_bytes())
    stamp = build / "lint-cache" / key.hexdigest()
    if stamp.exists():
        return True, ""
    done = run("clang-tidy", "--quiet", *depth, "-p", str(build), path)
    if done.returncode == 0:
        stamp.touch()
    return done.returncode == 0, findings(done.stdout) or done.stdout


def cppcheck(build):
    """internalAstError is cppcheck's own: 2.10 stumbles over some conditional expressions.  And of
    what is not initialised, clang-tidy knows more: it follows pointers."""
    cache = build / "cppcheck"
    cache.mkdir(exist_ok=True)
    return run("cppcheck", "--quiet", "--std=c11", f"-j{CORES}", f"--cppcheck-build-dir={cache}",
               "--enable=warning,performance,portability", "--inline-suppr", "--error-exitcode=1",
               "--suppress=missingIncludeSystem", "--suppress=internalAstError",
               "--suppress=uninitvar", "--suppress=ctuuninitvar", "-Iinclude", "-Ilib", "-Ibin",
               *(folder for folder in FOLDERS if (ROOT / folder).is_dir()))


def test_itself(report, build):
    """Both linters see a planted fault; a function of 71 lines is one."""
    planted = build / "planted"
    shutil.rmtree(planted, ignore_errors=True)
    planted.mkdir()
    long = "int f(int x);\nint f(int x)\n{\n" + "    x++;\n" * 70 + "    return x;\n}\n"
    (planted / "long.c").write_text(long)
    done = run("clang-tidy", "--quiet", f"--config-file={ROOT / '.clang-tidy'}",
               str(planted / "long.c"), "--", "-std=c11")
    report.check("a_planted_function_of_71_lines_is_seen", "function-size" in done.stdout,
                 done.stdout)
    (planted / "leak.c").write_text("int f(void)\n{\n    int a[2];\n    return a[2];\n}\n")
    done = run("cppcheck", "--quiet", "--error-exitcode=1", str(planted / "leak.c"))
    report.check("a_planted_read_behind_the_end_is_seen", done.returncode != 0, done.stdout)


def main():
    build = Path(sys.argv[1]).resolve()
    depth = [] if "--deep" in sys.argv[2:] else FEWER_PATHS
    (build / "lint-cache").mkdir(exist_ok=True)
    report = Report()
    test_itself(report, build)
    key, files = common_key(), compiled(build)
    with ThreadPoolExecutor(CORES) as pool:
        answers = pool.map(lambda item: (item[0], *tidy(build, *item, key, depth)), files.items())
        for path, good, story in answers:
            report.check(f"clang_tidy_is_content_with {path}", good, story)
    done = cppcheck(build)
    report.check("cppcheck_is_content", done.returncode == 0, findings(done.stdout))
    report.finish()


if __name__ == "__main__":
    main()
