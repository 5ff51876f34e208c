#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py - golden tests: what the program prints, whole and as text.

A case is a folder here:

    command         one shell line as a person would type it: oddball scan app.log
    (any files)     what the command reads; it runs in a copy of the folder
    stdin           given as standard input, if it is there
    expect.stdout   what must come out; likewise expect.stderr (none: nothing)
    expect.status   the exit status (none: 0)

Seconds and rates are of the machine: they stand as 0 in what is compared.

    run.py PROGRAM [--bless] [CASE...]    --bless writes what came out as expected; read the diff
"""
import difflib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))
from report import Report  # noqa: E402
from scrub import scrubbed  # noqa: E402

TIMEOUT_S = 120
STREAMS = ("stdout", "stderr")


def run_case(case, program):
    """What the command of a case gave: {"stdout": ..., "stderr": ..., "status": ...}."""
    with tempfile.TemporaryDirectory() as folder:
        inside = shutil.copytree(case, Path(folder) / case.name)
        world = {"PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": folder, "TZ": "UTC",
                 "LC_ALL": "C.UTF-8", "TERM": "dumb", "COLUMNS": "80",
                 **{name: value for name, value in os.environ.items() if "SAN_OPTIONS" in name}}
        stdin = inside / "stdin"
        with open(stdin if stdin.exists() else os.devnull, "rb") as given:
            done = subprocess.run(["sh", "command"], cwd=inside, env=world, stdin=given,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  timeout=TIMEOUT_S)
        # Bytes that are no UTF-8 must come through as they are.
        got = {name: scrubbed(getattr(done, name).decode(errors="surrogateescape"))
               for name in STREAMS}
        return {**got, "status": f"{done.returncode}\n"}


def expected(case):
    def read(name, otherwise):
        path = case / f"expect.{name}"
        return path.read_bytes().decode(errors="surrogateescape") if path.exists() else otherwise
    return {"stdout": read("stdout", ""), "stderr": read("stderr", ""),
            "status": read("status", "0\n")}


def bless(case, got):
    for name, text in got.items():
        path = case / f"expect.{name}"
        if text == ("0\n" if name == "status" else ""):
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(text.encode(errors="surrogateescape"))


def difference(wanted, got):
    rows = []
    for name, text in wanted.items():
        rows += difflib.unified_diff(text.splitlines(), got[name].splitlines(),
                                     f"expected {name}", f"printed {name}", lineterm="")
    return "\n".join(rows).encode(errors="backslashreplace").decode()


def main():
    program = Path(sys.argv[1]).resolve()
    blessing = "--bless" in sys.argv
    names = [word for word in sys.argv[2:] if not word.startswith("--")]
    report = Report()
    for case in sorted(path.parent for path in HERE.glob("*/command")):
        if names and case.name not in names:
            continue
        got, wanted = run_case(case, program), expected(case)
        if blessing and got != wanted:
            bless(case, got)
            print(f"blessed {case.name}\n{difference(wanted, got)}")
        else:
            report.check(case.name, got == wanted, difference(wanted, got))
    report.finish()


if __name__ == "__main__":
    main()
