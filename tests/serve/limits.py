#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""limits.py - the server when there is too much: more than it can take, a full disk, a flood of
series.  Nothing acknowledged is lost, nothing is dropped in silence, and it recovers by itself.

    limits.py PROGRAM LOAD     LOAD: build/bench/load
"""
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Program, free_port  # noqa: E402
from report import Report  # noqa: E402

MIB = 1 << 20
RECOVER_S = 60


def resident(server):
    rows = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return max(int(row.split()[1]) << 10 for row in rows if row.startswith("VmHWM:"))


def status(server):
    return json.loads(server.ask("/api/v1/status"))


def post(server, source, body, **headers):
    """The status of the answer, and its Retry-After."""
    try:
        server.ask(f"/ingest?source={source}", body, **headers)
        return 200, None
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers.get("Retry-After")


def more_than_it_can_take(report, path):
    """Sixteen senders of a megabyte each, with room for a few: some must be told to wait."""
    block = b"".join(b"2026-11-27T12:00:00Z INFO worker %07d did %07d\n" % (n, n * 7)
                     for n in range(20000))
    lines = block.count(b"\n")
    taken, told = [], []

    def sender(server, number):
        for _ in range(12):
            code, after = post(server, f"flood-{number}", block)
            (taken if code == 200 else told).append((code, after))

    with Program(path, "--memory", "64M", "--checkpoint", "5s") as server:
        threads = [threading.Thread(target=sender, args=(server, number)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(300)
        report.check("who_is_refused_is_told_to_come_back",
                     all(code in (429, 503) and after and int(after) > 0 for code, after in told),
                     f"{told[:5]}")
        wanted = len(taken) * lines
        row = server.wait("SELECT count(*) FROM logs", lambda row: row[0] >= wanted)
        report.check("all_that_was_acknowledged_is_stored_once", row == [wanted] and taken,
                     f"{row}, wanted {wanted}; {len(taken)} taken, {len(told)} refused\n"
                     f"{server.told()[-1500:]}")
        began = time.monotonic()
        while time.monotonic() - began < RECOVER_S and post(server, "after", b"calm\n")[0] != 200:
            time.sleep(0.2)
        report.check("it_is_as_before_within_a_minute", time.monotonic() - began < RECOVER_S)
        print(f"{len(taken)} requests taken, {len(told)} refused, "
              f"{resident(server) // MIB} MiB at most")


def mounted(folder, size):
    """A small file system of its own, where that is allowed."""
    return os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def a_full_disk(report, path):
    names = ("on_a_full_disk_nothing_is_acknowledged", "it_answers_meanwhile",
             "it_goes_on_by_itself_when_there_is_room",
             "of_what_was_acknowledged_nothing_is_lost_by_a_full_disk")
    folder = Path(Program(path).folder) / "small"
    folder.mkdir()
    if not mounted(folder, "40m"):
        for name in names:
            report.skip(name, "no file system of its own may be mounted here")
        return
    try:
        fill_the_disk(report, path, folder, names)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def filled(folder, ballast):
    """No byte is left."""
    with ballast.open("ab", buffering=0) as file:
        size = MIB
        while size > 0:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2


def get_any(server, path):
    """The body of an answer, whatever its status."""
    try:
        return server.ask(path)
    except urllib.error.HTTPError as problem:
        return problem.read()


def starts_at(server, port):
    """Without server.json, which need not be there."""
    server.flags += ["--listen", f"127.0.0.1:{port}"]
    (server.data / "server.json").unlink(missing_ok=True)
    server.log = (server.folder / "log").open("a")
    server.process = subprocess.Popen(server.flags, stdin=subprocess.DEVNULL, stdout=server.log,
                                      stderr=subprocess.STDOUT)
    server.address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + RECOVER_S
    while time.monotonic() < until and server.process.poll() is None:
        try:
            return server.ask("/healthz") is not None
        except OSError:
            time.sleep(0.1)
    return False


def has_file(server):
    until = time.monotonic() + RECOVER_S
    while time.monotonic() < until and not (server.data / "server.json").exists():
        time.sleep(0.2)
    return (server.data / "server.json").exists()


def fill_the_disk(report, path, folder, names):
    taken = refused = 0
    with Program(path, "--checkpoint", "1h", data=folder / "data") as server:
        ballast = folder / "ballast"
        free = os.statvfs(folder)
        ballast.write_bytes(b"\0" * (free.f_bavail * free.f_frsize - 2 * MIB))
        until = time.monotonic() + 60
        while time.monotonic() < until and refused < 3:
            code, after = post(server, "full", os.urandom(60000).hex().encode() + b"\n")
            taken += code == 200
            refused += code == 503 and after is not None
        report.check(names[0], refused >= 3, f"{taken} taken, {refused} refused")
        ready = get_any(server, "/readyz")
        report.check("it_says_that_the_disk_is_full", b"the disk is full" in ready, ready)
        report.check(names[1], server.ask("/healthz") is not None and
                     status(server)["version"] is not None)
        server.kill()
        ballast.write_bytes(b"\0" * MIB)
        filled(folder, ballast)
        started = starts_at(server, free_port())
        report.check("it_starts_on_a_full_disk", started, server.told()[-1500:])
        ballast.unlink()
        report.check("and_writes_where_it_listens_once_there_is_room", has_file(server),
                     server.told()[-1500:])
        until = time.monotonic() + RECOVER_S
        code = 0
        while code != 200 and time.monotonic() < until:
            code, _ = post(server, "full", b"room again\n")
            time.sleep(0.2)
        taken += code == 200
        report.check(names[2], code == 200, server.told()[-1500:])
        server.kill()
        server.start()
        row = server.wait("SELECT count(*) FROM logs WHERE source = 'full'",
                          lambda row: row[0] >= taken)
        report.check(names[3], row == [taken], f"{row}, wanted {taken}")


def a_flood_of_series(report, path, tool):
    with Program(path, "--series-max", "1000") as server:
        address = server.address.removeprefix("http://")
        with os.popen(f"{tool} {address} samples 8 4 1000") as answer:
            sent = int(float(answer.read().split(",")[0]))
        row = server.wait("SELECT count(*) FROM samples", lambda row: row[0] >= sent)
        report.check("no_sample_of_a_flood_is_dropped_in_silence", row == [sent],
                     f"{row}, wanted {sent}")
        row = server.rows("SELECT count(DISTINCT series) FROM samples")
        other = server.rows("SELECT count(*) FROM samples WHERE series = '__other__'")
        report.check("series_beyond_the_limit_are_one", row[0][0] <= 2200 and other[0][0] > 0,
                     f"{row} {other}")


def main():
    report = Report()
    path, tool = sys.argv[1], sys.argv[2]
    more_than_it_can_take(report, path)
    a_full_disk(report, path)
    a_flood_of_series(report, path, tool)
    report.finish()


if __name__ == "__main__":
    main()
