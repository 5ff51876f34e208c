#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""commands.py - `oddball sql` and `oddball cat` on the directory of a server that does not run, and
the child that does their work: what it answers, what it may not, and when it ends.

    commands.py OODBALL LIBDUCKDB
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))
from lake_maker import chunk, child  # noqa: E402
from report import Report  # noqa: E402

PROGRAM, LIBRARY = sys.argv[1:3]
NS = 10**9
NOON = 1795435200 * NS  # 2026-11-23T12:00:00Z
LINES = [b"INFO user %d logged in" % number for number in range(500)] + [b"\xff\x00\x1b[31m torn\r"]
FOREVER = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range % 7 = b.range % 11"


def rows():
    made = [(NOON + number * NS, NOON + number * NS, b"app.log", number + 1, b"info", 5, 9,
             b"INFO ", [b"%d" % number], None, None, 1) for number in range(500)]
    return made + [(None, NOON + 500 * NS, b"app.log", 501, None, None, None, None, None, LINES[-1],
                    None, 1)]


def tables():
    return {"logs": chunk("logs", rows()),
            "samples": chunk("samples", [(NOON, b"host", b'cpu{mode="user"}', 0.1 + 0.2,
                                      None, None, None, None, None, 1)]),
            "templates": chunk("templates", [(9, 5, [b"user ", b" logged in"])]),
            "sources": chunk("sources", [(name, b"plain", 501, 0, 0, 9, NOON, NOON, NOON, 0, 0)
                                         for name in (b"app.log", b"web.log")])}


def oddball(data, *words, **more):
    world = {"PATH": os.environ["PATH"], "HOME": data, "LC_ALL": "C"}
    done = subprocess.run([PROGRAM, *words, "--data", data], stdin=subprocess.DEVNULL, env=world,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    return done.returncode, done.stdout, done.stderr.decode()


def check_answers(report, data):
    status, out, said = oddball(data, "sql", "SELECT seq, text FROM logs WHERE seq IN (1, 501)")
    report.check("an_answer_is_aligned_columns", status == 0 and out.decode() == (
        "seq  text\n"
        "---  -----------------------\n"
        "  1  INFO user 0 logged in\n"
        "501  \\xff\\x00\\x1b[31m torn\\r\n"
        "2 rows\n"), out.decode() + said)
    status, out, said = oddball(data, "sql", "--format", "json",
                                "SELECT series, value, NULL AS n, time FROM samples")
    report.check("json_brings_numbers_back_exactly", status == 0 and json.loads(out) == {
        "columns": ["series", "value", "n", "time"], "cut": False,
        "rows": [['cpu{mode="user"}', 0.1 + 0.2, None, "2026-11-23T12:00:00.000000Z"]]},
        out.decode() + said)
    status, out, said = oddball(data, "sql", "--format", "csv",
                                "SELECT series, 1 AS a FROM samples")
    report.check("csv_is_quoted", (status, out) == (0, b'series,a\n"cpu{mode=""user""}",1\n'), said)
    status, out, said = oddball(data, "sql", "--sql-rows", "3", "SELECT seq FROM logs ORDER BY seq")
    report.check("rows_beyond_the_limit_are_told",
                 status == 0 and b"3 rows" in out and "more rows than 3" in said, said)
    for sql, words in (("SELECT nothing FROM logs", '"nothing" not found'),
                       ("SELEC 1", 'syntax error at or near "SELEC"'),
                       ("DROP VIEW logs", "only what reads may be asked here"),
                       ("SELECT 1; SELECT 2", "only one statement at a time"),
                       ("SELECT * FROM read_csv('/etc/passwd')", "Permission Error")):
        status, out, said = oddball(data, "sql", sql)
        report.check(f"a_sentence_says_what_is_wrong_with {sql}", status == 2 and out == b"" and
                     words in said and said.count("\n") == 1, said)


def check_cat(report, data):
    status, out, said = oddball(data, "cat", "app.log")
    report.check("cat_gives_the_lines_byte_for_byte",
                 (status, out) == (0, b"\n".join(LINES) + b"\n"), said)
    status, out, said = oddball(data, "cat", "app.log", "--since", "2026-11-23T12:00:10",
                                "--until", "2026-11-23T12:00:12")
    report.check("cat_gives_a_span_of_time", (status, out) == (0, b"\n".join(LINES[10:12]) + b"\n"),
                 said)
    status, out, said = oddball(data, "cat", "app.log", "--since", "2026-11-24")
    report.check("a_span_without_lines_gives_none", (status, out, said) == (0, b"", ""), said)
    status, out, said = oddball(data, "cat", "another.log")
    report.check("a_source_that_is_not_there_is_told_with_its_cure", (status, out) == (2, b"")
                 and 'no line of the source "another.log" is in the lake' in said
                 and "SELECT source FROM sources" in said and "perhaps" not in said
                 and said.count("\n") == 1, said)
    status, out, said = oddball(data, "cat", "ap.log")
    report.check("and_the_one_that_was_meant_is_named",
                 status == 2 and "perhaps it is called app.log: " in said, said)
    path = Path(data, "lines")
    with open(path, "wb") as file:
        subprocess.run([PROGRAM, "cat", "app.log", "--data", data], stdout=file, check=True)
    report.check("cat_writes_into_a_file", path.read_bytes() == b"\n".join(LINES) + b"\n")
    done = subprocess.run(f"'{PROGRAM}' cat app.log --data '{data}' | head -n 1", shell=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    report.check("a_reader_that_has_seen_enough_is_no_error",
                 done.stdout == LINES[0] + b"\n" and done.stderr == b"", done.stderr)


def children():
    """Processes whose second word is lake-child, of this program."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if len(words) > 1 and words[1] == b"lake-child":
            found.append(int(path.parent.name))
    return found


def check_limits(report, data):
    begin = time.monotonic()
    status, _, said = oddball(data, "sql", "--sql-time", "1s", FOREVER)
    report.check("a_question_without_end_is_ended_in_time", status == 2 and "longer than the 1 s"
                 in said and time.monotonic() - begin < 20, said)
    before = set(children())
    parent = subprocess.Popen([PROGRAM, "sql", FOREVER, "--data", data], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not set(children()) - before:
        time.sleep(0.02)
    parent.send_signal(signal.SIGINT)
    parent.communicate()
    report.check("control_c_ends_question_and_child", parent.returncode == 130 and
                 not set(children()) - before, parent.returncode)
    parent = subprocess.Popen([PROGRAM, "sql", FOREVER, "--data", data], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not set(children()) - before:
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    for _ in range(250):
        if not set(children()) - before:
            break
        time.sleep(0.02)
    report.check("a_child_dies_with_its_parent", not set(children()) - before)


def check_places(report, data):
    status, _, said = oddball(data + "/nowhere", "sql", "SELECT 1")
    report.check("a_directory_that_is_not_there_is_told", status == 2 and
                 "cannot read" in said, said)
    status, _, said = oddball(data, "sql", "SELECT 1", "--duckdb", "/nowhere/libduckdb.so")
    report.check("a_library_that_is_not_there_is_told", status == 2 and
                 "no library at /nowhere/libduckdb.so" in said, said)
    note = Path(data, "server.json")
    note.write_text('{"address":"127.0.0.1:1","pid":%d}' % os.getpid())
    status, _, said = oddball(data, "sql", "SELECT 1")
    report.check("a_server_that_runs_is_asked", status == 2 and
                 "127.0.0.1:1 does not answer" in said, said)
    done = subprocess.Popen(["true"])
    done.wait()
    note.write_text('{"address":"127.0.0.1:1","pid":%d}' % done.pid)
    status, out, said = oddball(data, "sql", "SELECT 1 AS a")
    report.check("of_a_server_that_is_gone_the_files_are_asked", status == 0, said)
    note.unlink()


def check_jobs(report, data):
    lake = data + "/lake"
    report.check("a_write_gives_the_names_of_its_files",
                 child(PROGRAM, lake, "write", LIBRARY, tables(), commit=1) ==
                 (0, "", "logs/day=2026-11-23/000000000001-000000000001.parquet\n"
                  "samples/day=2026-11-23/000000000001-000000000001.parquet\n"
                  "templates/000000000001-000000000001.parquet\n"
                  "sources/000000000001-000000000001.parquet\n"))
    rc, said, _ = child(PROGRAM, lake, "write", LIBRARY, {"logs": b"oddtab1\n" + b"\1" * 99},
                        commit=2)
    report.check("what_is_no_table_is_no_row", rc == 0, said)
    torn = bytearray(tables()["logs"])
    torn[torn.index(b"\x07app.log")] = 255
    rc, said, _ = child(PROGRAM, lake, "write", LIBRARY, {"logs": bytes(torn)}, commit=2)
    names = sorted(path.name for path in Path(lake, "logs/day=2026-11-23").iterdir())
    report.check("rows_that_are_torn_are_refused_and_leave_nothing", rc != 0 and
                 "torn" in said and names == ["000000000001-000000000001.parquet"], (said, names))


def main():
    report = Report()
    with tempfile.TemporaryDirectory() as data:
        check_jobs(report, data)
        check_answers(report, data)
        check_cat(report, data)
        check_limits(report, data)
        check_places(report, data)
    report.finish()


if __name__ == "__main__":
    main()
