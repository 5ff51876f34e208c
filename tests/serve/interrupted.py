#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""interrupted.py - a server whose calls of the system are interrupted and cut short, from now and
then to every other one: nothing is lost, nothing is doubled, nothing spins.

    interrupted.py PROGRAM INTERRUPTED_CALLS
"""
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Program  # noqa: E402
from report import Report  # noqa: E402

EVERY = (97, 13, 5, 3, 2)  # One call of so many.
REQUESTS, LINES = 40, 500
BUSY_MAX = 0.5  # Of a processor, while nothing comes.


def content(number):
    return b"".join(b"request %d served in %d ms\n" % (number * LINES + n, n) for n in range(LINES))


def processor_s(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle_share(server):
    """How busy it is with nothing to do."""
    before, began = processor_s(server.process.pid), time.monotonic()
    time.sleep(2)
    return (processor_s(server.process.pid) - before) / (time.monotonic() - began)


def interrupted(report, program, library, every, log):
    os.environ |= {"INTERRUPT_EVERY": str(every), "LD_PRELOAD": library}
    with Program(program, "--checkpoint", "1s", "--files", str(log)) as server:
        del os.environ["LD_PRELOAD"]
        for number in range(REQUESTS):
            server.ask("/ingest?source=sent", content(number))
        wanted = (REQUESTS + 1) * LINES
        row = server.wait("SELECT count(*) FROM logs", lambda row: row[0] >= wanted)
        share = idle_share(server)
        seconds, status = server.stop()
        sent = server.run("cat", "sent").stdout
        report.check(f"with_every_call_of_{every}_nothing_is_lost_or_doubled", row == [wanted] and
                     sent == b"".join(map(content, range(REQUESTS))),
                     f"{row}, wanted {wanted}; {len(sent)} bytes\n{server.told()[-1500:]}")
        report.check(f"with_every_call_of_{every}_nothing_spins_and_it_ends",
                     share < BUSY_MAX and status == 0 and seconds < 10,
                     f"{share:.2f} of a processor, status {status}, {seconds:.1f} s")


def cuts_short(library):
    """Whether the library does what it is for."""
    world = os.environ | {"INTERRUPT_EVERY": "1", "LD_PRELOAD": library}
    words = "import os; os._exit(min(os.write(1, bytes(64)) for _ in range(4)))"
    done = subprocess.run([sys.executable, "-c", words], env=world, stdout=subprocess.DEVNULL)
    return done.returncode == 32


def main():
    report = Report()
    program, library = sys.argv[1], str(Path(sys.argv[2]).resolve())
    report.check("half_of_what_is_written_is_written", cuts_short(library))
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "followed.log"
        log.write_bytes(content(0))
        for every in EVERY:
            interrupted(report, program, library, every, log)
    report.finish()


if __name__ == "__main__":
    main()
