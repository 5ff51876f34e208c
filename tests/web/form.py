#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""form.py - JavaScript and CSS: prettier decides on the form, eslint on what must not be.

    form.py [--write]
"""
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
from report import Report  # noqa: E402

FILES = ("web/**/*.{js,jsx,mjs,css}", "tests/web/*.mjs", "tests/clients/*.mjs")


def run(tool, *words):
    return subprocess.run([HERE / "node_modules/.bin" / tool, *words], cwd=ROOT, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


def main():
    report = Report()
    if not (HERE / "node_modules/lock.json").exists():
        report.skip("javascript_has_the_form", "no eslint and prettier")
        report.finish()
    what = "--write" if "--write" in sys.argv else "--check"
    done = run("prettier", "--config", "tests/web/.prettierrc.json", what, *FILES)
    report.check("prettier_finds_nothing", done.returncode == 0, done.stdout)
    done = run("eslint", "-c", "tests/web/eslint.config.mjs", "web", "tests/web",
               "tests/clients")
    report.check("eslint_finds_nothing", done.returncode == 0, done.stdout)
    report.finish()


if __name__ == "__main__":
    main()
