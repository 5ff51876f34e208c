#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""days.py - a server from outside: lines come back to the byte, also over restarts; a replay finds
what the server found; it ends soon, refuses company, and listens to nobody it should not.

    days.py PROGRAM
"""
import contextlib
import json
import os
import pty
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from planted import service_log  # noqa: E402
from program import Program, free_port  # noqa: E402
from report import Report  # noqa: E402

END_S = 5
SEED = 7


def hostile(rng, count):
    """Lines of any bytes but the line end: text, JSON, broken UTF-8, colours, NULs, CR, blanks."""
    kinds = (
        lambda: b"2026-11-20T10:00:%02d.%03dZ INFO request %d served in %d ms" % (
            rng.randrange(60), rng.randrange(1000), rng.randrange(10**6), rng.randrange(500)),
        lambda: b'{"time":"2026-11-20T10:00:00Z","level":"warn","msg":"caf\xc3\xa9 %d"}' %
        rng.randrange(99),
        lambda: bytes(rng.choice([b for b in range(256) if b != 10])
                      for _ in range(rng.randrange(80))),
        lambda: b"\x1b[31merror\x1b[0m in  two   blanks\t\tand tabs  %d \r" % rng.randrange(9),
        lambda: b"",
        lambda: b"   ",
        lambda: "größe überschritten: %d µs für „user“".encode() % rng.randrange(9999),
    )
    return b"".join(rng.choice(kinds)() + b"\n" for _ in range(count))


def lines_come_back(report, path):
    rng = random.Random(SEED)
    parts = [hostile(rng, 400) for _ in range(6)]
    with Program(path, "--no-mask", "--checkpoint", "1s") as server:
        for number, part in enumerate(parts):
            server.ask("/ingest?source=hostile.log", part)
            time.sleep(0.3)
            if number in (1, 3):
                server.kill()
                server.start()
        wanted = b"".join(parts)
        count = wanted.count(b"\n")
        row = server.wait("SELECT count(*) FROM logs", lambda row: row[0] >= count)
        report.check("all_lines_can_be_asked_for", row == [count], f"{row}, wanted {count}")
        seconds, status = server.stop()
        report.check("it_ends_within_five_seconds", seconds < END_S and status == 0,
                     f"{seconds:.1f} s, status {status}\n{server.told()[-1500:]}")
        got = server.run("cat", "hostile.log")
        report.check("every_line_comes_back_to_the_byte", got.stdout == wanted,
                     first_difference(got.stdout, wanted) + got.stderr.decode()[-500:])


def on_a_terminal(*command):
    """What a terminal would get of it."""
    master, slave = pty.openpty()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=slave,
                               stderr=subprocess.DEVNULL)
    os.close(slave)
    got = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            piece = b""
        if not piece:
            break
        got += piece
    os.close(master)
    return process.wait(60), got


def lines_harm_no_terminal(report, path):
    line = "a \x1b]0;title\x07 \x1b[2J \u202e and tab\tend".encode() + b" \xff"
    with Program(path, "--checkpoint", "1s") as server:
        server.ask("/ingest?source=hostile.log", line + b"\n" + b"second\n")
        server.wait("SELECT count(*) FROM logs", lambda row: row[0] == 2)
        server.stop()
        status, got = on_a_terminal(server.path, "cat", "--data", str(server.data), "hostile.log")
        rows = got.replace(b"\r\n", b"\n").split(b"\n")
        report.check("on_a_terminal_lines_are_made_harmless", status == 0 and rows == [
            b"a \\x1b]0;title\\x07 \\x1b[2J \\u202e and tab\\tend \\xff", b"second", b""], got)
        status, _ = on_a_terminal(server.path, "cat", "--data", str(server.data), "nothing.log")
        report.check("there_too_a_source_that_is_not_there_is_2", status == 2, status)


def first_difference(got, wanted):
    for number, (a, b) in enumerate(zip(got.split(b"\n"), wanted.split(b"\n"))):
        if a != b:
            return f"line {number + 1}: {a!r} instead of {b!r}\n"
    return f"{len(got)} bytes instead of {len(wanted)}\n"


def findings(server):
    items = json.loads(server.ask("/api/v1/findings?limit=1000"))["items"]
    return sorted(json.dumps(item, sort_keys=True) for item in items)


def a_replay_finds_the_same(report, path):
    rng = random.Random(SEED)
    log = service_log(rng, 120, "the device /dev/sdq is gone", 9)
    cut = log.index(b"\n", len(log) // 2) + 1
    with Program(path, "--checkpoint", "1s", "--journal-keep", "1G") as server:
        server.ask("/ingest?source=web.log", log[:cut])
        time.sleep(1.5)
        server.kill()
        server.start()
        server.ask("/ingest?source=web.log", log[cut:])
        time.sleep(2.5)
        server.learnt()
        live = findings(server)
        beside = server.run("replay")
        seen = sorted(json.dumps(json.loads(row), sort_keys=True)
                      for row in beside.stdout.splitlines())
        report.check("it_finds_what_is_odd", any("/dev/sdq" in row or "<path> is gone" in row
                                                 for row in live), "\n".join(live))
        report.check("a_replay_finds_the_same_after_a_kill", seen == live and live,
                     f"{len(seen)} and {len(live)}\n{beside.stderr.decode()[-500:]}")
        server.stop()
        for threads in ("1", "8"):
            again = server.run("replay", "--threads", threads)
            report.check(f"and_the_same_bytes_with_{threads}_threads",
                         again.stdout == beside.stdout, again.stderr.decode()[-500:])


def scrape(moment, number):
    """What a sender of OTLP says of itself: three series, one of them with odd moments."""
    def point(value, more):
        return {"timeUnixNano": str(int(moment * 1e9) + more), "asDouble": value}
    return json.dumps({"resourceMetrics": [{"resource": {"attributes": [
        {"key": "service.name", "value": {"stringValue": "shop"}}]}, "scopeMetrics": [{"metrics": [
            {"name": "level", "gauge": {"dataPoints": [point(number % 7 + 0.5, 0)]}},
            {"name": "queue", "gauge": {"dataPoints": [point(900.0 if number > 60 else 3.0, 17)]}},
            {"name": "again", "gauge": {"dataPoints": [point(1.0, 0), point(2.0, -10**9)]}}]}]}]
    }).encode()


def records(number):
    """Structured lines, some of them of several rows, with moments finer than a row has."""
    return json.dumps({"resourceLogs": [{"resource": {"attributes": [
        {"key": "service.name", "value": {"stringValue": "cart"}}]}, "scopeLogs": [{"logRecords": [
            {"timeUnixNano": str(int((time.time() - 1) * 1e9) + n), "severityNumber": 9,
             "body": {"stringValue": f"order {n * number} taken\n  by {n}"}}
            for n in range(20)]}]}]}).encode()


def a_replay_reads_the_lake(report, path):
    """Without the journal a replay finds the same, out of the lake."""
    rng = random.Random(SEED)
    log = service_log(rng, 120, "the device /dev/sdq is gone", 9)
    step = len(log) // 40
    with Program(path, "--checkpoint", "1s", "--journal-keep", "1G") as server:
        at = 0
        for number in range(80):
            if number % 2 == 0:
                to = log.index(b"\n", min(at + step, len(log) - 1)) + 1
                server.ask("/ingest?source=web.log", log[at:to])
                at = to
            server.ask("/ingest?source=other.log", b"x" * 66000 + b"\nshort %d\n" % number)
            server.ask("/v1/metrics", scrape(time.time() - 100 + number, number))
            server.ask("/v1/logs", records(number))
            if number == 40:
                time.sleep(2.5)
                server.kill()
                server.start()
            time.sleep(0.05)
        server.ask("/ingest?source=web.log", log[at:])
        time.sleep(2.5)
        server.learnt()
        server.stop()
        whole = server.run("replay")
        report.check("a_replay_of_the_journal_finds_something", len(whole.stdout.splitlines()) > 1,
                     whole.stderr.decode()[-500:])
        for journal in server.data.glob("journal-*.db*"):
            journal.unlink()
        again = server.run("replay")
        report.check("without_the_journal_the_lake_gives_the_same_findings",
                     again.stdout == whole.stdout and b"from the lake" in again.stderr and
                     b"gone" not in again.stderr,
                     first_difference(again.stdout, whole.stdout) + again.stderr.decode()[-500:])
        min((server.data / "lake/commits").glob("*/*.parquet")).unlink()
        rest = server.run("replay")
        report.check("without_the_beginning_the_newest_checkpoint_has_the_findings",
                     rest.stdout == whole.stdout and b"behind a checkpoint" in rest.stderr,
                     first_difference(rest.stdout, whole.stdout) + rest.stderr.decode()[-500:])
        anew = server.run("replay", "--from", "2000-01-01")
        report.check("or_with_from_all_is_learnt_anew_from_what_is_there",
                     anew.returncode == 0 and b"earlier ones are gone" in anew.stderr and
                     anew.stdout, anew.stderr.decode()[-500:])


def it_makes_its_folder(report, path):
    """A new user has no ~/.local/state."""
    with tempfile.TemporaryDirectory() as home:
        data = Path(home) / "of/nobody/yet"
        with Program(path, data=data) as server:
            report.check("a_folder_is_made_with_those_above_it",
                         (data / "catalog.db").exists() and data.stat().st_mode & 0o777 == 0o700,
                         server.told())


def it_wants_to_be_alone(report, path):
    with Program(path) as server:
        second = subprocess.run(server.flags, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, timeout=60)
        told = second.stdout.decode()
        report.check("a_second_one_on_its_folder_refuses_and_says_who_is_there",
                     second.returncode == 2 and str(server.process.pid) in told, told)
        report.check("the_first_one_is_not_disturbed", server.ask("/healthz") is not None)
        rows = Path(f"/proc/{server.process.pid}/status").read_text()
        report.check("it_can_gain_no_rights", "NoNewPrivs:\t1" in rows, rows)


def seed_of(data):
    with contextlib.closing(sqlite3.connect(data / "catalog.db")) as catalog:
        return catalog.execute("SELECT value FROM named WHERE key = 'seed'").fetchone()


def its_seed_is_its_own(report, path):
    with Program(path) as server, Program(path) as other:
        server.stop()
        other.stop()
        first = seed_of(server.data)
        report.check("two_folders_have_two_seeds", None not in (first, seed_of(other.data)) and
                     first != seed_of(other.data), (first, seed_of(other.data)))
        server.start()
        server.stop()
        report.check("a_seed_stays", seed_of(server.data) == first, seed_of(server.data))
        done = subprocess.run([*server.flags, "--seed", "5"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        report.check("another_one_is_refused", done.returncode == 2 and
                     b"begun with another seed" in done.stdout, done.stdout)


def it_does_not_listen_to_strangers(report, path):
    port = free_port()
    with Program(path) as server:
        flags = [*server.flags, "--data", str(server.folder / "other"), "--listen",
                 f"0.0.0.0:{port}"]
        done = subprocess.run(flags, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60)
        told = done.stdout.decode()
        report.check("off_loopback_it_wants_a_token", done.returncode == 2 and "token" in told,
                     told)


def it_reads_its_settings_again(report, path):
    with Program(path) as server:
        folder = server.folder / "logs"
        folder.mkdir()
        (folder / "a.log").write_text("one\n")
        config = server.folder / "oddball.yaml"
        config.write_text("files: []\n")
        server.stop()
        server.flags += ["--config", str(config)]
        server.start()
        config.write_text(f"files:\n  - {folder}\n")
        server.process.send_signal(signal.SIGHUP)
        row = server.wait("SELECT count(*) FROM logs", lambda row: row[0] == 1)
        report.check("sighup_reads_the_settings_again", row == [1],
                     f"{row}\n{server.told()[-1500:]}")
        config.write_text("fiels: []\n")
        server.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + 20
        while "stay as they were" not in server.told() and time.monotonic() < until:
            time.sleep(0.1)
        report.check("wrong_settings_are_told_and_change_nothing",
                     "stay as they were" in server.told() and "files" in server.told() and
                     server.ask("/healthz") is not None, server.told()[-1500:])


def secrets_do_not_reach_the_disk(report, path):
    with Program(path, "--checkpoint", "1s") as server:
        server.ask("/ingest?source=a", b"login ok password=hunter2secret from a.b@example.org\n")
        server.wait("SELECT count(*) FROM logs", lambda row: row[0] == 1)
        masked = json.loads(server.ask("/api/v1/status"))["masked"]
        report.check("and_is_counted_as_what_it_is", masked == {
            "password": 1, "token": 0, "key": 0, "card": 0, "email": 1, "rule": 0}, masked)
        server.stop()
        found = [name for name in server.data.rglob("*")
                 if name.is_file() and (b"hunter2secret" in name.read_bytes() or
                                        b"a.b@example.org" in name.read_bytes())]
        report.check("a_password_reaches_no_file", not found, f"{found}")


def damage_is_told(report, path):
    """A file that was put aside is named in the log, in the status and by doctor."""
    with Program(path, "--checkpoint", "1s") as server:
        server.ask("/ingest?source=a", b"one\ntwo\n")
        server.wait("SELECT count(*) FROM logs", lambda row: row[0] == 2)
        server.learnt()
        server.stop()
        with (server.data / "catalog.db").open("r+b") as file:
            file.write(b"x" * 100)
        server.start()
        damages = json.loads(server.ask("/api/v1/status"))["damages"]
        rows = server.wait("SELECT count(*) FROM logs", lambda row: row[0] == 2)
        doctor = server.run("doctor").stdout.decode()
        report.check("a_damaged_catalog_loses_no_line", rows == [2], rows)
        report.check("it_is_told_by_name_in_the_status_in_the_log_and_by_doctor",
                     [damage["file"] for damage in damages] == ["catalog.db.damaged"]
                     and damages[0]["sentence"] in server.told()
                     and "bad   catalog.db.damaged: " in doctor, (damages, doctor))


def a_key_belongs_to_its_source(report, path):
    with Program(path) as server:
        server.ask("/ingest?source=a/b", b"one\n", Idempotency_Key="c")
        answer = server.ask("/ingest?source=a", b"two\n", Idempotency_Key="b/c")
        report.check("a_slash_in_a_key_or_a_source_makes_no_two_requests_one",
                     b"known" not in answer, answer)


def hostile_names(report, path):
    """Names of sources are data: they reach no path, no statement, and their lines come back."""
    names = {b"\xff\xfe": "\\xff\\xfe", b"../../etc/passwd": "../../etc/passwd",
             b"x'; DROP TABLE logs; --": "x'; DROP TABLE logs; --", b"/": "/",
             b"caf\xc3\xa9": "café", b"a" * 200: "a" * 200, b"\x1b[31m": "\x1b[31m"}
    with Program(path, "--checkpoint", "1s") as server:
        for name in names:
            server.ask("/ingest?source=" + urllib.parse.quote(name, safe=""), b"a line\n")
        server.learnt()
        time.sleep(2)
        rows = server.rows("SELECT source FROM logs")
        server.stop()
        report.check("names_of_any_bytes_are_shown_and_none_is_lost",
                     sorted(row[0] for row in rows) == sorted(names.values()), rows)
        back = [server.run("cat", name).stdout for name in names.values()]
        report.check("cat_gives_the_lines_of_each", back == [b"a line\n"] * len(names), back)
        known = {"lock", "secret", "reach", "reserve", "server.json", "lake"}
        found = [file.name for file in server.data.iterdir()
                 if file.name not in known and ".db" not in file.name]
        report.check("no_name_becomes_one_of_a_file", not found, found)


def a_long_line_is_counted(report, path):
    with Program(path) as server:
        server.ask("/ingest?source=long", b"x" * 70000 + b"\nshort\n")
        server.learnt()
        item = json.loads(server.ask("/api/v1/sources"))["items"][0]
        size = server.rows("SELECT max(length(text)) FROM logs")[0][0]
        report.check("a_long_line_is_cut_and_counted_for_its_source",
                     item["cut_rows"] == 1 and item["rows"] == 2 and size == 65536, (item, size))
        long_lines = b"".join(bytes([letter]) * 30000 + b"\n" for letter in range(97, 123))
        server.ask("/ingest?source=forms", long_lines)
        server.learnt()
        lost = server.rows("SELECT count(*) FROM logs WHERE text IS NULL")
        server.stop()
        report.check("lines_whose_forms_find_no_memory_come_back",
                     lost == [[0]] and server.run("cat", "forms").stdout == long_lines, lost)


def a_clock_from_the_future_is_not_believed(report, path):
    def sample(value, seconds):
        point = {"timeUnixNano": str(int(seconds * 1e9)), "asDouble": value}
        return json.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": [
            {"name": "level", "gauge": {"dataPoints": [point]}}]}]}]}).encode()
    with Program(path) as server:
        server.ask("/v1/metrics", sample(1, 4102444800))
        time.sleep(0.01)
        server.ask("/v1/metrics", sample(2, time.time()))
        server.learnt()
        item = json.loads(server.ask("/api/v1/signals"))["items"][0]
        report.check("a_sample_from_the_future_is_not_the_newest_for_years",
                     item["last_value"] == 2 and item["last_time"] < "2100", item)


def main():
    report = Report()
    path = sys.argv[1]
    os.environ["TZ"] = "UTC"
    lines_come_back(report, path)
    lines_harm_no_terminal(report, path)
    a_replay_finds_the_same(report, path)
    a_replay_reads_the_lake(report, path)
    a_key_belongs_to_its_source(report, path)
    a_long_line_is_counted(report, path)
    hostile_names(report, path)
    a_clock_from_the_future_is_not_believed(report, path)
    it_makes_its_folder(report, path)
    it_wants_to_be_alone(report, path)
    its_seed_is_its_own(report, path)
    it_does_not_listen_to_strangers(report, path)
    it_reads_its_settings_again(report, path)
    secrets_do_not_reach_the_disk(report, path)
    damage_is_told(report, path)
    report.finish()


if __name__ == "__main__":
    main()
