#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""install.py - what `make install` leaves behind is all that another program needs.

    install.py BUILD yes|no     whether there is a program yet
"""
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
from report import Report  # noqa: E402

QUIET = "".join(f"2026-11-23T20:{n // 60:02}:{n % 60:02}Z INFO  request {n} served in {n % 7} ms\n"
                for n in range(900))
ODD = "2026-11-23T20:15:00Z ERROR disk sda1 is failing: 7 sectors lost\n"


def run(*command, **more):
    return subprocess.run(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more)


def flags(root, *options):
    """What pkg-config answers about the installed library under `root`."""
    folder = next(root.rglob("oddball.pc")).parent
    world = {**os.environ, "PKG_CONFIG_PATH": str(folder), "PKG_CONFIG_SYSROOT_DIR": str(root)}
    return shlex.split(run("pkg-config", *options, "oddball", env=world, check=True).stdout)


def check_header(report, root):
    header = next(root.rglob("oddball.h"))
    for name, options in (("the_header_is_c99_and_stands_alone", ("-x", "c", "-std=c99")),
                          ("the_header_is_cpp_too", ("-x", "c++", "-std=c++11"))):
        done = run("clang", *options, "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only",
                   str(header))
        report.check(name, done.returncode == 0, done.stdout)


def check_example(report, root, linked, options):
    """examples/odd_lines.c, built against the installed tree alone, finds the one odd line."""
    program, log = root / f"odd_lines_{linked}", root / "app.log"
    log.write_text(QUIET + ODD)
    arguments = flags(root, *options)
    if linked == "static":
        arguments = [word.replace("-loddball", "-l:liboddball.a") for word in arguments]
    done = run("cc", "-std=c11", "-Wall", "-Werror", str(ROOT / "examples/odd_lines.c"),
               "-o", str(program), *arguments)
    report.check(f"the_example_builds_{linked}", done.returncode == 0, done.stdout)
    if done.returncode == 0:
        shared = next(root.rglob("liboddball.so")).parent
        done = run(str(program), str(log), env={"LD_LIBRARY_PATH": str(shared)})
        report.check(f"the_example_finds_the_odd_line_{linked}", "disk sda1" in done.stdout,
                     done.stdout)


def main():
    build, has_program = sys.argv[1], sys.argv[2] == "yes"
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        done = run("meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", folder)
        report.check("it_installs_below_DESTDIR", done.returncode == 0, done.stdout)
        names = {path.name for path in root.rglob("*")}
        wanted = {"oddball.h", "oddball.pc", "liboddball.a", "liboddball.so", "libduckdb.so"}
        if has_program:
            wanted |= {"oddball", "oddball.1", "oddball.service", "datasources.yaml",
                       "dashboards.yaml", "overview.json", "signal.json"}
        report.check("header_libraries_program_and_manual_are_there", wanted <= names,
                     f"missing: {wanted - names}")
        check_header(report, root)
        if has_program:
            check_example(report, root, "shared", ("--cflags", "--libs"))
            check_example(report, root, "static", ("--cflags", "--libs", "--static"))
    report.finish()


if __name__ == "__main__":
    main()
