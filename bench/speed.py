#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""speed.py - the tables of cost: speed.py PROGRAM [MEGABYTES].

Needs bench/speed.c, built beside the program.
"""
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "figures"))
import data  # noqa: E402
from table import Table, mean, publish  # noqa: E402

MEGABYTES = 200
WORD_COUNT, WORDS_A_LINE = 20000, 10
PATTERN_COUNTS = (1000, 10000, 100000)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def cost(folder, *command):
    """(processor seconds, seconds by the clock) of a command, the better of two runs.

    The answer goes to a file: grep stops at the first match if nobody could read it.
    """
    runs = []
    for _ in range(2):
        with open(folder / "answer", "wb") as answer:
            begin = time.monotonic()
            process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL,
                                       stdout=answer, stderr=subprocess.DEVNULL)
            _, status, used = os.wait4(process.pid, 0)
            runs.append((used.ru_utime + used.ru_stime, time.monotonic() - begin))
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            raise RuntimeError(f"{command}: status {process.returncode}")
    return min(runs)[0], min(run[1] for run in runs)


def measure(speed, path, megabytes):
    """What speed.c prints, as {name: number}."""
    done = subprocess.run([speed, path, str(megabytes)], stdout=subprocess.PIPE, check=True,
                          text=True)
    return {name: float(value) for name, value in map(str.split, done.stdout.splitlines())}


def short(value):
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def row_of(program, content, folder, megabytes):
    """M lines/s, MB/s, MiB; MB/s of wc and grep; MB/s of scan on one thread and on two."""
    once, whole = folder / "once.log", folder / "whole.log"
    once.write_bytes(content)
    with open(whole, "wb") as file:
        for _ in range(max(megabytes * 1000000 // len(content), 1)):
            file.write(content)
    size = whole.stat().st_size / 1e6
    ours = min((measure(program.parent / "bench/speed", once, megabytes) for _ in range(2)),
               key=lambda run: run["seconds"])
    wc, _ = cost(folder, "wc", "-l", whole)
    grep, _ = cost(folder, "grep", "-c", "ERROR", whole)
    _, one = cost(folder, program, "scan", "--quiet", "--threads", "1", whole)
    _, two = cost(folder, program, "scan", "--quiet", "--threads", "2", whole)
    lines = ours["lines"] / 1e6
    return [lines / ours["seconds"], ours["bytes"] / 1e6 / ours["seconds"],
            ours["peak_bytes"] / 2**20, lines / wc, lines / grep, size / one, size / two, one / two]


def sets_table(program, folder, megabytes):
    table = Table("speed", f"Cost of learning and scoring, each log repeated to {megabytes} MB",
                  ["log", "M lines/s", "MB/s", "MiB", "wc -l: M lines/s", "grep: M lines/s",
                   "scan: MB/s", "on 2 threads", "ratio"])
    rows = []
    for name in data.LOGHUB_SETS:
        content = data.loghub_raw(name)
        content += b"" if content.endswith(b"\n") else b"\n"
        rows.append(row_of(program, content, folder, megabytes))
        table.row(name, *map(short, rows[-1]))
    table.row("mean of 16", *map(short, mean(rows)))
    if data.has_hdfs():
        whole = row_of(program, data.hdfs()[0], folder, megabytes)
        table.row("HDFS 2 %, whole", *map(short, whole))
    table.note("M lines/s, MB/s, MiB: patterns and a surprise for each line through the public "
               "interface, one thread, the log in memory and not counted; by processor time, as "
               "are wc -l and grep -c ERROR on the same bytes.  scan: the whole program, sessions "
               "and findings too, a file in memory, by the clock; the ratio means little on a busy "
               "machine.  Each is the better of two runs.  Repeating a log makes its clock jump "
               "back once in 2,000 lines; the last row is 222,579 lines whose time goes on, "
               "repeated the same way.")
    return table


def made_lines(count):
    """Lines of random words, none like another, so that each is a pattern of its own."""
    chance = random.Random(7).random
    words = ["".join(LETTERS[int(chance() * 26)] for _ in range(3 + int(chance() * 8)))
             for _ in range(WORD_COUNT)]
    lines = []
    for n in range(count):
        line = [words[int(chance() * WORD_COUNT)] for _ in range(WORDS_A_LINE)]
        line[n % WORDS_A_LINE] += ":"
        lines.append(" ".join(line) + "\n")
    return "".join(lines).encode()


def growth_table(program, folder, megabytes):
    table = Table("growth", "Growth with the number of patterns, lines of ten random words",
                  ["lines that differ", "patterns", "us/line, first time", "us/line, later", "MiB",
                   "bytes/pattern"])
    for count in PATTERN_COUNTS:
        path = folder / "made.log"
        path.write_bytes(made_lines(count))
        ours = measure(program.parent / "bench/speed", path, megabytes)
        later = ours["lines"] - ours["first_lines"]
        table.row(f"{count:,}", int(ours["patterns"]),
                  short(1e6 * ours["first_seconds"] / ours["first_lines"]),
                  short(1e6 * (ours["seconds"] - ours["first_seconds"]) / later),
                  short(ours["peak_bytes"] / 2**20), int(ours["peak_bytes"] / ours["patterns"]))
    table.note("First time: each line is a new pattern; where all of them are shorter than 1 MiB, "
               "they are in it several times.  MiB: all memory of the engine, its signals and "
               "histories too.")
    return table


def main(program, megabytes):
    if not data.has_loghub():
        print("skipped: no data")
        return
    room = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=room) as folder:
        publish("speed", [sets_table(program, Path(folder), megabytes),
                          growth_table(program, Path(folder), megabytes)])


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else MEGABYTES)
