#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""deps.py - tools/deps on machines that are not this one: a PATH of links and small fakes."""
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
from report import Report  # noqa: E402

SHELL = ("cat", "chmod", "cp", "env", "ls", "mkdir", "mv", "rm", "sed", "sh", "sort")
TOOLS = ("cc", "python3", "ninja", "objcopy", "pkg-config", "meson", "node", "npm")

# Keeps its arguments, and "installs" by making a command of each package's name.
APT_GET = """#!/bin/sh
echo "$@" >>"$PLACE/apt.log"
for word; do case $word in meson|ninja-build) command=${word%-build}
    printf '#!/bin/sh\\n' >"$PLACE/$command"; chmod +x "$PLACE/$command";; esac; done
"""


# Fetches what the lock file names, as far as tools/deps looks at it.
NPM = """#!/bin/sh
echo "npm $@" >>"$PLACE/apt.log"
[ -e package-lock.json ] || exit 1
for file in @duckdb/node-bindings-linux-x64/libduckdb.so \\
    @duckdb/node-bindings-linux-x64/LICENSE duckdb/src/duckdb/src/include/duckdb.h; do
    mkdir -p "node_modules/${file%/*}" && echo part >"node_modules/$file"
done
"""


class Machine:
    """A machine with these tools only; `user` is what id -u says."""

    def __init__(self, folder, tools, apt=True, known=True, user=0, sudo=False, parts=True):
        self.place = Path(folder)
        self.parts = ROOT / "deps" if parts else self.place / "parts"
        for name in SHELL:
            (self.place / name).symlink_to(shutil.which(name))
        for name in tools:
            self.fake(name, "#!/bin/sh\n")
        self.fake("id", f"#!/bin/sh\necho {user}\n")
        if apt:
            self.fake("apt-get", APT_GET)
            self.fake("apt-cache", f"#!/bin/sh\nexit {0 if known else 100}\n")
        if sudo:
            self.fake("sudo", '#!/bin/sh\necho sudo >>"$PLACE/apt.log"\nexec "$@"\n')

    def fake(self, name, text):
        (self.place / name).write_text(text)
        (self.place / name).chmod(0o755)

    def deps(self, *words):
        done = subprocess.run([ROOT / "tools/deps", *words], text=True, stdin=subprocess.DEVNULL,
                              env={"PATH": str(self.place), "PLACE": str(self.place),
                                   "ODDBALL_PARTS": str(self.parts)},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        log = self.place / "apt.log"
        return done.returncode, done.stdout, log.read_text() if log.exists() else ""


def on(tools, *words, **more):
    with tempfile.TemporaryDirectory() as folder:
        return Machine(folder, tools, **more).deps(*words)


def main():
    report = Report()
    without = tuple(tool for tool in TOOLS if tool not in ("meson", "ninja"))

    status, said, log = on(TOOLS, "build")
    report.check("with_nothing_missing_nothing_happens", (status, said, log) == (0, "", ""), said)

    status, said, log = on(without, "build")
    report.check("only_what_is_missing_is_installed",
                 status == 0 and "install meson ninja-build" in log and "gcc" not in log,
                 said + log)
    report.check("a_known_package_needs_no_update", " update" not in log, log)

    status, said, log = on(without, "build", known=False)
    report.check("an_empty_list_of_packages_is_updated_first",
                 status == 0 and log.index(" update") < log.index(" install"), said + log)

    status, said, log = on(without, "--check", "build")
    report.check("check_installs_nothing_and_says_it",
                 status == 1 and log == "" and "meson ninja-build" in said, said)

    status, said, log = on(without, "build", apt=False)
    report.check("a_machine_that_is_not_debian_is_told_in_a_sentence",
                 status == 1 and "no Debian" in said and "meson ninja-build" in said, said)

    status, said, log = on(without, "build", user=1000)
    report.check("without_sudo_the_command_for_root_is_said",
                 status == 1 and "as root, run:" in said and log == "", said)

    status, said, log = on(without, "build", user=1000, sudo=True)
    report.check("sudo_is_used_where_it_is_needed", status == 0 and log.startswith("sudo"), log)

    status, said, log = on(TOOLS, "--check", "build", parts=False)
    report.check("a_part_of_npm_that_is_missing_is_told", status == 1 and "DuckDB" in said, said)
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(folder, TOOLS, parts=False)
        machine.fake("npm", "#!/bin/sh\nexit 1\n")
        status, said, log = machine.deps("build")
        report.check("an_npm_that_fails_is_told_in_a_sentence",
                     status == 1 and "npm could not fetch DuckDB" in said, said)
        machine.fake("npm", NPM)
        status, said, log = machine.deps("build")
        kept = sorted(path.name for path in Path(folder, "parts/duckdb").iterdir())
        report.check("what_the_page_is_built_of_is_fetched_too",
                     Path(folder, "parts/web/node_modules").is_dir(), said)
        report.check("of_npm_only_what_is_used_is_kept", status == 0 and "--ignore-scripts" in log
                     and kept == ["LICENSE", "duckdb.h", "libduckdb.so", "lock.json"], (said, kept))
        status, said, again = machine.deps("build")
        report.check("what_was_fetched_is_not_fetched_again", (status, again) == (0, log), said)

    begin = time.monotonic()
    here = subprocess.run([ROOT / "tools/deps", "--check", "build"], env=os.environ).returncode
    report.check("this_machine_has_all_and_is_asked_quickly",
                 here == 0 and time.monotonic() - begin < 1.0)
    report.finish()


if __name__ == "__main__":
    main()
