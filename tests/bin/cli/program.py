#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""program.py - the program as a shell sees it: exit status, streams, signals, broken outputs.

    program.py PROGRAM
"""
import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))
from report import Report  # noqa: E402

PROGRAM = str(Path(sys.argv[1]).resolve())
CALM = "".join(f"2026-11-23T{i // 60 % 24:02}:{i % 60:02}:00Z INFO user {i % 7} logged in\n"
               for i in range(1000))
HOSTILE = b"\x1b[31mred \xff\xe2\x80\xae\x07 line %d\n"


def run(*words, **how):
    how = {"stdin": subprocess.DEVNULL, **how}
    return subprocess.run([PROGRAM, *words], stdout=how.pop("stdout", subprocess.PIPE),
                          stderr=subprocess.PIPE, timeout=120, **how)


def check_status(report):
    report.check("nothing_odd_is_0", run("scan", "calm.log").returncode == 0)
    report.check("what_differs_is_1", run("diff", "calm.log", "odd.log").returncode == 1)
    report.check("fail_on_none_is_0",
                 run("diff", "--fail-on=none", "calm.log", "odd.log").returncode == 0)
    report.check("fail_on_another_kind_is_0",
                 run("diff", "--fail-on=gone", "calm.log", "odd.log").returncode == 0)
    report.check("a_new_error_fails",
                 run("diff", "calm.log", "odd.log", "--fail-on", "new-error").returncode == 1)
    for words in (("scan", "nosuch"), ("scan", "calm.log", "nosuch"), ("diff", "calm.log"),
                  ("scna",), ("scan", "--nosuch"), ("patterns",), ("score", "a", "b"), (),
                  ("diff", "nosuch", "calm.log"), ("completion", "tcsh"), ("help", "nosuch")):
        done = run(*words)
        report.check(f"{'_'.join(words) or 'no_command'}_is_2",
                     done.returncode == 2 and done.stderr and b"\n" in done.stderr, done)
    for words in (("help",), ("--help",), ("help", "scan"), ("scan", "--help"), ("--version",)):
        done = run(*words)
        report.check(f"{'_'.join(words)}_is_0", done.returncode == 0 and not done.stderr, done)


def check_forms(report):
    patterns = list(csv.DictReader(io.StringIO(run("patterns", "calm.log").stdout.decode())))
    scores = list(csv.DictReader(io.StringIO(run("score", "calm.log").stdout.decode())))
    report.check("the_counts_of_patterns_add_up",
                 sum(int(row["count"]) for row in patterns) == 1000)
    report.check("score_has_a_row_for_each_row",
                 [row["row"] for row in scores] == [str(i + 1) for i in range(1000)])
    report.check("score_and_patterns_agree_about_signals",
                 {row["signal"] for row in scores} == {row["signal"] for row in patterns})
    findings = json.loads(run("diff", "--format", "json", "calm.log", "odd.log").stdout)["findings"]
    report.check("rows_of_a_finding_are_rows_of_bad", findings and findings[0]["rows"] == [501],
                 findings)
    for form in ("text", "json", "csv", "html"):
        done = run("scan", "--format", form, "hostile.log")
        report.check(f"hostile_text_is_harmless_in_{form}",
                     b"\x1b" not in done.stdout + done.stderr and b"\x07" not in done.stdout
                     and b"\xff" not in done.stdout and b"\xe2\x80\xae" not in done.stdout)
    report.check("a_bad_name_is_shown_harmlessly", b"\x1b" not in run("scan", "\x1b[2J").stderr)


def check_outputs(report):
    with open("/dev/full", "wb") as full:
        done = run("diff", "calm.log", "odd.log", stdout=full)
    report.check("a_full_disk_is_2_and_told",
                 done.returncode == 2 and b"No space left" in done.stderr, done)
    reader, writer = os.pipe()
    os.close(reader)
    done = run("score", "calm.log", stdout=writer)
    report.check("a_closed_pipe_is_quiet", done.returncode == 0 and not done.stderr, done)
    done = run("diff", "calm.log", "odd.log", stdout=writer)
    report.check("a_closed_pipe_keeps_the_status", done.returncode == 1 and not done.stderr, done)
    os.close(writer)
    done = run("scan", "--html", "/nonexistent/page.html", "calm.log")
    report.check("a_page_that_cannot_be_written_is_2", done.returncode == 2, done)


def interrupted(given, wait_s=0.7):
    program = subprocess.Popen([PROGRAM, "scan", "-"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    program.stdin.write(given)
    program.stdin.flush()
    time.sleep(wait_s)
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=60)
    return program.returncode, out, err


def check_interrupts(report):
    status, out, err = interrupted(b"")
    report.check("ctrl_c_before_anything_is_130", status == 130 and not out and err, (status, err))
    status, out, err = interrupted(CALM.encode() * 20)
    report.check("ctrl_c_prints_what_is_known",
                 status in (0, 1) and b"lines" in out and b"stopped" in err, (status, out, err))


def on_terminal(environment):
    """What the program writes when its standard output is a terminal."""
    ours, theirs = pty.openpty()
    done = run("diff", "calm.log", "odd.log", stdout=theirs,
               env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **environment})
    os.close(theirs)
    text = os.read(ours, 1 << 20)
    os.close(ours)
    return text if done.returncode == 1 else b""


def check_colour(report):
    report.check("a_terminal_has_colour", b"\x1b[" in on_terminal({"TERM": "xterm"}))
    for name, environment in (("no_color", {"TERM": "xterm", "NO_COLOR": "1"}),
                              ("a_dumb_terminal", {"TERM": "dumb"})):
        text = on_terminal(environment)
        report.check(f"{name}_has_none", text and b"\x1b" not in text, text)
    report.check("a_pipe_has_none", b"\x1b" not in run("diff", "calm.log", "odd.log").stdout)


def check_completion(report):
    for shell in ("bash", "zsh", "fish"):
        script = run("completion", shell).stdout
        report.check(f"{shell}_knows_commands_and_options",
                     b"patterns" in script and b"fail-on" in script and b"new-error" in script)
    done = subprocess.run(["bash", "-n"], input=run("completion", "bash").stdout)
    report.check("bash_can_read_its_script", done.returncode == 0)


def main():
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("calm.log").write_text(CALM)
        lines = CALM.splitlines(keepends=True)
        lines.insert(500, "2026-11-23T08:20:30Z ERROR disk sda1 failed: no space left\n")
        Path("odd.log").write_text("".join(lines))
        Path("hostile.log").write_bytes(b"".join(HOSTILE % i for i in range(200)) + CALM.encode())
        for check in (check_status, check_forms, check_outputs, check_interrupts, check_colour,
                      check_completion):
            check(report)
        os.chdir("/")
    report.finish()


if __name__ == "__main__":
    main()
