#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""unit.py - the unit of systemd: understood by systemd, guarded, and about our program.

    unit.py SERVICE PROGRAM
"""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))
from report import Report  # noqa: E402

EXPOSURE_MAX = 25  # In tenths: systemd calls what is below 3.0 "OK".


def analyze(*words):
    return subprocess.run(["systemd-analyze", *words], text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)


def check_words(report, unit):
    commands = re.findall(r"^Exec\w+=(\S+)", unit, re.MULTILINE)
    report.check("every_command_is_an_absolute_path",
                 len(commands) == 3 and all(word.startswith("/") for word in commands), commands)
    for word in ("Type=notify", "WatchdogSec=", "StateDirectory=oddball", "DynamicUser=yes",
                 "SupplementaryGroups=systemd-journal adm", "NoNewPrivileges=yes", "MemoryMax="):
        report.check(f"it_says_{word}", f"\n{word}" in unit)


def main():
    report, program = Report(), Path(sys.argv[2]).resolve()
    unit = Path(sys.argv[1]).read_text()
    check_words(report, unit)
    if not shutil.which("systemd-analyze"):
        report.skip("systemd_understands_it", "no systemd-analyze")
        report.finish()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "oddball.service"
        path.write_text(re.sub(r"^(Exec\w+=)\S+/oddball\b", rf"\g<1>{program}", unit,
                               flags=re.MULTILINE))
        done = analyze("verify", "--man=no", str(path))
        said = [row for row in done.stdout.splitlines() if "oddball" in row]
        report.check("systemd_understands_it", done.returncode == 0 and not said, done.stdout)
        done = analyze("security", "--offline=true", f"--threshold={EXPOSURE_MAX}", str(path))
        if "unrecognized option" in done.stdout:
            report.skip("it_is_guarded", "an old systemd-analyze")
        else:
            report.check("it_is_guarded", done.returncode == 0, done.stdout)
    report.finish()


if __name__ == "__main__":
    main()
