#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""notebook.py - the data scientist's morning of examples/notebook runs from end to end.

    notebook.py PROGRAM
"""
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
from report import Report  # noqa: E402

PYTHONS = (sys.executable, "/usr/bin/python3")  # Debian's pandas is for Debian's Python.
PARTS = ("What came in, in SQL", "A table to train on, frozen", "Trained", "champion",
         "Does u1 come back?", "1 Parquet files of lines")


def has_pandas(python):
    return Path(python).exists() and subprocess.run(
        [python, "-c", "import pandas"], capture_output=True, check=False).returncode == 0


def main():
    report = Report()
    python = next((name for name in PYTHONS if has_pandas(name)), None)
    if python is None:
        report.skip("the_morning_of_a_data_scientist_runs", "there is no pandas")
        report.finish()
        return
    done = subprocess.run([python, ROOT / "examples/notebook/morning.py", sys.argv[1]],
                          capture_output=True, text=True, timeout=120, check=False)
    report.check("the_morning_of_a_data_scientist_runs", done.returncode == 0, done.stderr)
    missing = [part for part in PARTS if part not in done.stdout]
    report.check("and_tells_each_of_its_steps", not missing, f"{missing}\n{done.stdout}")
    report.finish()


if __name__ == "__main__":
    main()
