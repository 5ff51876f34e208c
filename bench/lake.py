#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lake.py - bytes and answers of the lake: lake.py PROGRAM [MILLIONS OF LINES].

Needs bench/lake_rows.c, built beside the program, and libduckdb.so where the build has it.
"""
import csv
import gzip
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench/figures"), str(ROOT / "tests/tools")]
import data  # noqa: E402
from duck import Duck  # noqa: E402
from lake_maker import child  # noqa: E402
from table import Table, publish  # noqa: E402

LIBRARY = ROOT / "deps/duckdb/libduckdb.so"
MILLIONS = 10
MEMORY = 1 << 30  # Of the child that writes and merges.
NS = 10**9
NOON = 1795435200 * NS
WRITES = 10
SERIES, SECONDS, EVERY = 300, 6 * 3600, 12

HOUR = "SELECT count(*), sum(length(text)) FROM {} WHERE source = 'app.log' " \
       "AND time >= '2008-11-10 10:00:00' AND time < '2008-11-10 11:00:00'"
MINUTES = "SELECT pattern, {} AS minute, count(*) FROM {} GROUP BY 1, 2 ORDER BY 3 DESC, 2 LIMIT 5"

# As doc/lake.md puts text together where there is nothing but the files.
PLAIN = """CREATE VIEW plain AS SELECT time, source, seq, pattern, head || array_to_string(
    list_transform(gaps, lambda gap, i: gap || coalesce(vars[i], '')), '') AS text
    FROM read_parquet('{0}/logs/*/*.parquet') JOIN (SELECT template, gaps
    FROM read_parquet('{0}/templates/*.parquet')) USING (template)"""


def job(program, lake, task, hot=None, **fields):
    rc, sentence, _ = child(str(program), str(lake), task, str(LIBRARY), hot, memory=MEMORY,
                            **fields)
    if rc != 0:
        raise RuntimeError(f"{task}: {sentence}")


def parquet_bytes(lake, kind):
    return sum(path.stat().st_size for path in Path(lake, kind).rglob("*.parquet"))


# -- bytes ----------------------------------------------------------------------------------------

def rows_of(program, folder, content):
    """The tables that a log becomes."""
    rows = folder / "rows"
    shutil.rmtree(rows, ignore_errors=True)
    rows.mkdir()
    (folder / "once.log").write_bytes(content)
    subprocess.run([program.parent / "bench/lake_rows", folder / "once.log", rows], check=True)
    return [(rows / name).read_bytes() for name in ("logs", "commits", "templates")]


def chunks(table):
    at, found = 0, []
    while at < len(table):
        size = 16 + struct.unpack_from("<Q", table, at + 8)[0]
        found.append(table[at:at + size])
        at += size
    return found


def pieces_of(table):
    """So much of it for each write."""
    parts = chunks(table)
    size = (len(parts) + WRITES - 1) // WRITES
    return [b"".join(parts[at:at + size]) for at in range(0, len(parts), size)]


def stored(program, lake, kind, rows, commits, others):
    """Bytes of the rows' files after all writes, and after tidying; and then of the commits'."""
    shutil.rmtree(lake, ignore_errors=True)
    pieces = list(zip(pieces_of(rows), pieces_of(commits), strict=True))
    for number, (piece, skeletons) in enumerate(pieces, 1):
        job(program, lake, "write", {kind: piece, "commits": skeletons, **others}, commit=number)
    before = parquet_bytes(lake, kind)
    job(program, lake, "tidy", commit=len(pieces), now=2**62, oldest=0, bytes_max=0)
    return before, parquet_bytes(lake, kind), parquet_bytes(lake, "commits")


def lines_table(program, folder):
    table = Table("lake_lines", f"Bytes of a line in the lake, after {WRITES} writes and tidied",
                  ["log", "as it came", "written", "tidied", "commits", "gzip -6"])
    for name, content in (("HDFS 2 %", data.hdfs()[0]),
                          ("Loghub 2k, all 16", b"".join(map(data.loghub_raw, data.LOGHUB_SETS)))):
        logs, commits, templates = rows_of(program, folder, content)
        sizes = stored(program, folder / "bytes", "logs", logs, commits, {"templates": templates})
        count = content.count(b"\n")
        table.row(name, *(size / count for size in (len(content), *sizes,
                                                    len(gzip.compress(content, 6)))))
    table.note("commits: what of the events is not in the rows, for a replay; beside the rows.")
    return table


def samples(shared):
    """Rows as of a host: of 20 series 8 stand still, 4 move now and then, 5 count events, 3 count
    seconds with two decimals; a scrape has one time, or each series has."""
    rng, state, rows = random.Random(7), [0] * SERIES, []
    names = [f'node_metric_{n // 10}{{cpu="{n % 10}",mode="user"}}'.encode() for n in range(SERIES)]
    for step in range(SECONDS // EVERY):
        moment = NOON + (step * EVERY * 1000 + rng.randrange(50)) * 10**6
        for n in range(SERIES):
            kind = n % 20
            if kind < 8:
                value = 4096.0 * n
            elif kind < 12:
                state[n] += rng.randrange(-64, 65) if rng.random() < 0.2 else 0
                value = 4096.0 * (10**6 + state[n])
            else:
                state[n] += int(rng.expovariate(1 / 50))
                value = float(state[n]) if kind < 17 else state[n] / 100
            own = 0 if shared else rng.randrange(40) * 10**6
            rows.append((moment + own, b"host", names[n], value, step // 5))
    return rows


BANDS = ("expected", "lower", "upper", "surprise", "class")


def samples_of(program, folder, shared):
    """The table that they become: each judged by those before it."""
    rows = folder / "judged"
    rows.mkdir(exist_ok=True)
    last, lines = None, []
    for moment, _, name, value, _ in samples(shared):
        if last is not None and moment - last > EVERY * NS // 2:
            lines.append("")
        last = moment
        lines.append(f"{moment}\t{value!r}\t{name.decode()}")
    (folder / "samples.txt").write_text("\n".join(lines) + "\n\n")
    subprocess.run([program.parent / "bench/lake_samples", folder / "samples.txt", rows],
                   check=True)
    return (rows / "samples").read_bytes(), (rows / "commits").read_bytes()


def columns_of(lake):
    """Bytes of the sample itself, and of what was expected of it."""
    duck = Duck(LIBRARY)
    sizes = duck.ask("SELECT path_in_schema, sum(total_compressed_size) FROM "
                     f"parquet_metadata('{lake}/samples/*/*.parquet') GROUP BY 1")
    bands = sum(float(size) for name, size in sizes if name in BANDS)
    return parquet_bytes(lake, "samples") - bands, bands


def samples_table(program, folder):
    table = Table("lake_samples", f"Bytes of a sample in the lake: {SERIES} series of host metrics "
                  f"every {EVERY} s, {SECONDS // 3600} h",
                  ["times", "written", "tidied", "commits", "itself", "expected"])
    for name, shared in (("one for a scrape", True), ("one for each series", False)):
        sizes = stored(program, folder / "bytes", "samples",
                       *samples_of(program, folder, shared), {})
        count = SERIES * (SECONDS // EVERY)
        table.row(name, *(size / count for size in (*sizes, *columns_of(folder / "bytes"))))
    table.note("itself: of tidied, time, source, series, value and commit; expected: what was "
               "expected, the bounds, the surprise and the class.")
    return table


# -- answers --------------------------------------------------------------------------------------

def made_lake(program, folder, millions):
    """HDFS again and again, every time a week later, as files of a lake without a list: it is made
    again from their names."""
    content = data.hdfs()[0]
    logs, _, templates = rows_of(program, folder, content)
    lake, seed = folder / "lake", folder / "seed"
    job(program, seed, "write", {"logs": logs, "templates": templates}, commit=1)
    shutil.copytree(seed / "templates", lake / "templates")
    duck, count = Duck(LIBRARY), content.count(b"\n")
    for days in range(0, 7 * max(millions * 10**6 // count, 1), 7):
        for path in sorted((seed / "logs").glob("*/*.parquet")):
            day = duck.ask(f"SELECT DATE '{path.parent.name[4:]}' + {days}")[0][0][:10]
            to = lake / f"logs/day={day}" / path.name
            to.parent.mkdir(parents=True)
            duck.ask(f"COPY (SELECT * REPLACE (time + to_days({days}) AS time, "
                     f"seq + {days // 7 * count} AS seq) FROM read_parquet('{path}')) TO '{to}' "
                     "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, "
                     "ROW_GROUP_SIZE 131072)")
    return lake


def made_sqlite(lake, folder):
    """The same rows, with an index on source and time."""
    duck, path, base = Duck(LIBRARY), folder / "rows.csv", sqlite3.connect(folder / "rows.db")
    base.execute("CREATE TABLE logs (time TEXT, source TEXT, seq INT, pattern TEXT, text TEXT)")
    duck.ask(PLAIN.format(lake))
    for day in sorted((lake / "logs").iterdir()):
        duck.ask("COPY (SELECT strftime(time, '%Y-%m-%d %H:%M:%S'), source, seq, pattern, text "
                 f"FROM plain WHERE time >= '{day.name[4:]}' "
                 f"AND time < DATE '{day.name[4:]}' + 1) TO '{path}' (HEADER false)")
        with open(path, newline="", encoding="utf-8") as rows:
            base.executemany("INSERT INTO logs VALUES (?, ?, ?, ?, ?)", csv.reader(rows))
    base.execute("CREATE INDEX at ON logs (source, time)")
    base.commit()
    return base


def seconds(work):
    """The better of three."""
    took = []
    for _ in range(3):
        begin = time.monotonic()
        work()
        took.append(time.monotonic() - begin)
    return min(took)


def answers_table(program, folder, millions):
    lake = made_lake(program, folder, millions)
    base, duck = made_sqlite(lake, folder), Duck(LIBRARY)
    duck.ask(PLAIN.format(lake))
    table = Table("lake_answers", f"Seconds of an answer over {millions} M lines, one thread",
                  ["question", "oddball sql", "DuckDB on the files", "SQLite"])

    def ours(sql):
        subprocess.run([program, "sql", sql, "--data", folder], check=True,
                       stdout=subprocess.DEVNULL)
    for name, sql, other in (
            ("nothing: SELECT 1", "SELECT 1", "SELECT 1"),
            ("an hour of one source", HOUR.format("logs"), HOUR.format("logs")),
            ("count by pattern and minute", MINUTES.format("date_trunc('minute', time)", "logs"),
             MINUTES.format("substr(time, 1, 16)", "logs"))):
        plain = sql.replace("FROM logs", "FROM plain")
        table.row(name, seconds(lambda sql=sql: ours(sql)),
                  seconds(lambda sql=plain: duck.ask(sql)),
                  seconds(lambda sql=other: base.execute(sql).fetchall()))
    table.note("oddball sql: the whole command, with the start of its child. DuckDB and SQLite: in "
               "a process that has them open. DuckDB on the files: text as doc/lake.md puts it "
               "together in SQL. SQLite has an index on source and time.")
    sizes = Table("lake_sizes", "Bytes of a line where the answers were asked",
                  ["lake", "SQLite with its index"])
    count = int(duck.ask("SELECT count(*) FROM plain")[0][0])
    sizes.row(parquet_bytes(lake, "logs") / count, (folder / "rows.db").stat().st_size / count)
    return [table, sizes]


def main(program, millions):
    if not (data.has_loghub() and data.has_hdfs()):
        print("skipped: no data")
        return
    with tempfile.TemporaryDirectory() as folder:
        publish("lake", [lines_table(program, Path(folder)), samples_table(program, Path(folder)),
                         *answers_table(program, Path(folder), millions)])


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else MILLIONS)
