#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""program.py - the program as a shell sees it: exit status, streams, signals, broken outputs.

    program.py PROGRAM
"""
import csv
import gzip
import io
import json
import os
import pty
import resource
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
    narrow = run("scan", "--width=40", "calm.log").stdout.decode().splitlines()
    report.check("a_narrow_answer_fits", all(len(line) <= 40 for line in narrow), narrow)
    since = run("diff", "--since", "2026-11-23T09:00", "calm.log", "odd.log")
    report.check("diff_takes_since", since.returncode == 0 and b"since" in since.stdout, since)
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


def few_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))


def check_unread(report):
    """What could not be read must not look as if nothing were odd."""
    packed = gzip.compress(CALM.encode())
    for name, given in (("half.gz", packed[:12]), ("x.xz", b"\xfd7zXZ\0" + bytes(40)),
                        ("x.zip", b"PK\x03\x04" + bytes(40)), ("empty.log", b""),
                        ("bad.zst", b"\x28\xb5\x2f\xfd"), ("torn.gz", packed[:-600])):
        Path(name).write_bytes(given)
    for command in ("scan", "patterns", "score"):
        for name in ("half.gz", "bad.zst", "x.xz", "x.zip", "journal:nosuch"):
            done = run(command, name)
            report.check(f"{command}_of_{name}_is_2", done.returncode == 2 and done.stderr, done)
    done = run("scan", "-q", "calm.log", "half.gz")
    report.check("what_can_be_read_is_told_before_the_failure",
                 done.returncode == 2 and b"1,000 lines" in done.stdout
                 and b"could not be read" in done.stderr, done)
    report.check("an_empty_file_is_fine", run("scan", "empty.log").returncode == 0)
    with open("x.xz", "rb") as given:
        done = run("scan", "-", stdin=given)
    report.check("a_packed_pipe_is_2", done.returncode == 2 and b"unpack it" in done.stderr, done)
    for words in (("calm.log", "empty.log"), ("empty.log", "calm.log"), ("calm.log", "half.gz")):
        done = run("diff", *words)
        report.check(f"diff_{'_'.join(words)}_has_nothing_to_compare",
                     done.returncode == 2 and b"nothing to compare: " in done.stderr, done)
    done = run("patterns", "torn.gz")
    counted = sum(int(row["count"])
                  for row in csv.DictReader(io.StringIO(done.stdout.decode())))
    text = subprocess.run(["gzip", "-dc", "torn.gz"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout
    report.check("the_torn_last_line_is_no_line",
                 counted <= text.count(b"\n") + 1 and b"the last, torn line" in done.stderr, done)


def check_many(report):
    os.mkdir("many")
    for i in range(60):
        Path(f"many/{i}.log").write_text(CALM)
    done = run("scan", "--threads=1", "many", preexec_fn=few_descriptors)
    report.check("few_descriptors_lose_no_file",
                 done.returncode in (0, 1) and b"60,000 lines" in done.stdout, done)


def check_pages(report):
    app = Path("app.log").write_text(CALM) and Path("app.log")
    for words in (("--html", "app.log"), ("--html=app.log", "calm.log"),
                  ("--html", "app.log", "app.log"), ("--html", "link.log", "app.log")):
        if not Path("link.log").exists():
            os.link("app.log", "link.log")
        done = run("scan", *words)
        report.check(f"{'_'.join(words)}_leaves_the_log_as_it_is",
                     done.returncode == 2 and app.read_text() == CALM
                     and b"would overwrite" in done.stderr and b"--html odd.html" in done.stderr,
                     done)
    for name in ("new.html", "new.html", "/dev/null"):
        done = run("scan", "--html", name, "calm.log")
        report.check(f"{name}_may_be_written", done.returncode == 0, done)
    done = run("scan", "--html", "new.html", "new.html")
    report.check("a_page_that_is_read_is_not_written", done.returncode == 2, done)
    report.check("a_page_says_what_made_it",
                 '<meta name="generator" content="oddball">' in Path("new.html").read_text())


def interrupted(given, wait_s=0.7):
    program = subprocess.Popen([PROGRAM, "scan", "-"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    program.stdin.write(given)
    program.stdin.flush()
    time.sleep(wait_s)
    program.send_signal(signal.SIGINT)
    program.wait(timeout=60)  # The pipe stays open until then: it is the signal that ends it.
    out, err = program.communicate()
    return program.returncode, out, err


def check_interrupts(report):
    status, out, err = interrupted(b"")
    report.check("ctrl_c_before_anything_is_130", status == 130 and not out and err, (status, err))
    status, out, err = interrupted(CALM.encode() + b"2026-11-23T17:00:00Z ERR")
    report.check("a_line_that_ctrl_c_tore_is_left_out",
                 status == 0 and b"1,000 lines" in err and b"the last, torn line" in err,
                 (status, out, err))
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


def predictions(region, chance):
    """A thousand rows of a model whose columns and values would like to steer the terminal."""
    rows = ["id,age\x1b[31mred\u202e,region,y_pred,y_pred_proba,target"]
    for i in range(1000):
        sure = (i * 7 % 100) / 100
        rows.append(f"{i},{i * 31 % 100 + chance},{region},{i * 7 % 100 // 50},{sure},"
                    f"{i * 13 % 100 // 50}")
    return "".join(row + "\n" for row in rows)


def check_findings_of_predictions(report):
    words = ("diff", "was.csv", "now.csv", "--findings")
    whole = json.loads(run(*words, "all", "--format", "json").stdout)["findings"]
    few = json.loads(run(*words, "2", "--format", "json").stdout)
    report.check("so_many_findings_of_predictions_are_told_as_were_asked_for",
                 len(whole) > 2 and few["findings"] == whole[:2] and not few["summary"]["passed"],
                 few)
    table = run(*words, "2", "--format", "csv").stdout.splitlines()
    report.check("a_table_of_findings_is_as_short",
                 sum(line.startswith(b"odd,") for line in table) == 2, table)
    text = run(*words, "2").stdout.decode()
    page = run(*words, "2", "--format", "html").stdout.decode()
    more = f"{len(whole) - 2} more: --findings all shows them."
    report.check("what_is_not_told_is_counted", more in text and more in page, text)


def check_page_of_scores(report):
    words = ("score", "--quiet", "--reference", "was.csv", "now.csv")
    run("diff", "was.csv", "now.csv", "--findings", "all", "--html", "diff.html")
    for options in ((), ("--quality",), ("--blocks",)):
        plain, paged = (run(*words, *options, *more).stdout for more in ((), ("--html", "s.html")))
        report.check(f"a_page_beside_scores_changes_nothing_of_them{''.join(options)}",
                     plain == paged, paged[-200:])
        page = Path("s.html").read_bytes()
        report.check(f"it_is_the_page_of_diff_with_all_findings{''.join(options)}",
                     page == Path("diff.html").read_bytes() and b"Quality, chunk by chunk" in page
                     and b"drift over time" in page, page[:200])
    done = run(*words, "--html", "now.csv")
    report.check("the_page_of_scores_would_overwrite_no_table",
                 done.returncode == 2 and not done.stdout and b"would overwrite" in done.stderr,
                 done)
    done = run("score", "--html", "s.html", "now.csv")
    report.check("a_page_of_scores_needs_a_reference",
                 done.returncode == 2 and b"name these with --reference" in done.stderr, done)


def check_predictions(report):
    Path("was.csv").write_text(predictions("north", 0))
    Path("now.csv").write_text(predictions("\x1b[2J\x07", 300))
    done = run("diff", "--width=40", "was.csv", "now.csv")
    lines = done.stdout.decode().splitlines()
    report.check("a_narrow_comparison_of_predictions_fits",
                 done.returncode == 1 and all(len(line) <= 40 for line in lines), lines)
    report.check("hostile_names_of_columns_are_harmless",
                 any("\\x1b[31mred" in line for line in lines)
                 and not any(c in done.stdout.decode() for c in "\x1b\x07\u202e"), lines)
    report.check("all_of_them_are_a_hundred_percent",
                 "100 %" in " ".join(line.strip() for line in lines)
                 and "e+02" not in "".join(lines),
                 lines)
    done = run("diff", "--kind", "series", "was.csv", "now.csv")
    report.check("who_says_that_they_are_series_gets_series",
                 done.returncode < 2 and b"+++ now.csv" in done.stdout, done)
    check_findings_of_predictions(report)
    check_page_of_scores(report)
    Path("answers.csv").write_text("row,probability,reason,outcome\n" + "5,0.5,any,1\n" * 20)
    done = run("ask", "--reference", "was.csv", "--answers", "answers.csv", "now.csv")
    asked = run("ask", "--reference", "was.csv", "--count", "1000", "now.csv").stdout.splitlines()
    report.check("who_asks_about_all_rows_leaves_none_to_chance",
                 len(asked) == 1001 and all(line.split(b",")[1] == b"1" for line in asked[1:]),
                 asked[:3])
    blocks = run("score", "--reference", "was.csv", "--blocks", "now.csv")
    report.check("no_blocks_of_time_have_a_reason",
                 blocks.returncode == 0 and blocks.stdout.startswith(b"signal,time")
                 and b"no blocks of time: both tables must have times" in blocks.stderr, blocks)
    report.check("a_row_that_is_answered_twice_is_refused",
                 done.returncode == 2 and b"row 5 is answered twice" in done.stderr, done)
    for words in (("diff", "--outcome", "no", "was.csv", "now.csv"),
                  ("diff", "--segments", "no", "was.csv", "now.csv"),
                  ("diff", "--drop", "id,no", "was.csv", "now.csv"),
                  ("score", "--reference", "was.csv", "--outcome", "no", "now.csv")):
        done = run(*words)
        report.check(f"a_column_that_is_not_there_is_2: {' '.join(words)[:40]}",
                     done.returncode == 2 and b'column "no"' in done.stderr, done)
    for words, part in ((("diff", "--since", "2d", "was.csv", "now.csv"), b"--since"),
                        (("score", "--quality", "now.csv"), b"--reference"),
                        (("score", "--blocks", "now.csv"), b"--reference"),
                        (("score", "--reference=was.csv", "--quality", "--blocks", "now.csv"),
                         b"--blocks")):
        done = run(*words)
        report.check(f"what_would_be_ignored_is_refused: {' '.join(words)[:40]}",
                     done.returncode == 2 and part in done.stderr and not done.stdout, done)


def main():
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("calm.log").write_text(CALM)
        lines = CALM.splitlines(keepends=True)
        lines.insert(500, "2026-11-23T08:20:30Z ERROR disk sda1 failed: no space left\n")
        Path("odd.log").write_text("".join(lines))
        Path("hostile.log").write_bytes(b"".join(HOSTILE % i for i in range(200)) + CALM.encode())
        for check in (check_status, check_forms, check_outputs, check_unread, check_many,
                      check_pages, check_predictions, check_interrupts, check_colour,
                      check_completion):
            check(report)
        os.chdir("/")
    report.finish()


if __name__ == "__main__":
    main()
