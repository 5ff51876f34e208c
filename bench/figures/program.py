# SPDX-License-Identifier: Apache-2.0
"""program.py - what the program under test answers, as Python values."""
import csv
import io
import json
import subprocess


def answer(program, *arguments, good=(0,)):
    """(exit status, what it prints).  Any status but those in `good` is an error."""
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, check=False)
    if done.returncode not in good:
        raise RuntimeError(f"{' '.join(map(str, done.args))}: status {done.returncode}\n"
                           + done.stderr.decode(errors="replace"))
    return done.returncode, done.stdout.decode("utf-8", "surrogateescape")


def patterns(program, path):
    """{signal: text of its pattern, with <*> for a variable}."""
    _, text = answer(program, "patterns", "--quiet", "--wildcard", "<*>", "--format", "json", path)
    return {row["signal"]: row["pattern"] for row in json.loads(text)["patterns"]}


def scores(program, path, *options):
    """The rows of `score` as dictionaries of text."""
    _, text = answer(program, "score", "--quiet", *options, path)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def findings(program, command, *arguments):
    """(exit status, the findings, oddest first) of scan or diff."""
    status, text = answer(program, command, "--quiet", "--format", "json", *arguments, good=(0, 1))
    return status, json.loads(text)["findings"]
