#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_journal.py - systemd-journal-upload sends a journal to the program.

    test_journal.py PROGRAM
"""
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Other, Program  # noqa: E402
from report import Report  # noqa: E402

REMOTE = "/lib/systemd/systemd-journal-remote"
UPLOAD = "/lib/systemd/systemd-journal-upload"
COUNT = 500


def entries():
    for number in range(COUNT):
        yield (f"__REALTIME_TIMESTAMP={1795464942000000 + number * 1000}\n"
               f"__MONOTONIC_TIMESTAMP={1000 + number}\n"
               "_BOOT_ID=0123456789abcdef0123456789abcdef\n"
               f"_MACHINE_ID=0123456789abcdef0123456789abcdef\nPRIORITY={number % 8}\n"
               "_HOSTNAME=web1\nSYSLOG_IDENTIFIER=app\n_SYSTEMD_UNIT=app.service\n"
               f"MESSAGE=entry {number} of many\n\n")


def main():
    report = Report()
    name = "what_systemd_journal_upload_sends_arrives"
    if not os.access(REMOTE, os.X_OK) or not os.access(UPLOAD, os.X_OK):
        report.skip(name, "no systemd-journal-upload")
        report.finish()
    with Program(sys.argv[1]) as server:
        folder = server.folder / "journal"
        folder.mkdir()
        subprocess.run([REMOTE, "-o", f"{folder}/system.journal", "-"], check=True,
                       input="".join(entries()).encode(), capture_output=True)
        with Other(UPLOAD, f"--url={server.address}", f"--directory={folder}",
                   f"--save-state={server.folder}/state") as upload:
            row = server.wait("SELECT count(*), min(text) FROM logs WHERE source LIKE "
                              "'%journal:app.service'", lambda row: row[0] >= COUNT)
            good = isinstance(row, list) and row[0] == COUNT and "entry" in str(row[1])
            report.check(name, good, f"{row}\n{upload.story()}")
    report.finish()


if __name__ == "__main__":
    main()
