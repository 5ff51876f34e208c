#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""config.py - the command `config`: what it says of good and bad settings, and what it never says.

    config.py PROGRAM
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))
from report import Report  # noqa: E402

PROGRAM = str(Path(sys.argv[1]).resolve())
SETTINGS = """\
listen: 127.0.0.1:7000
memory: 1G
syslog: {udp: "127.0.0.1:5514"}
files: [/srv/*.log, "with: colon", 'it''s "quoted" \\ here']
mask_rules:
  ticket: 'TCK-[0-9]+ "x"'
webhook: https://user:p4ss@hooks.example.com/services/T0/s3cret?token=t0k
notify: ["alertmanager=http://me:p4ss@127.0.0.1:9093 surprise=5"]
scrape: ["http://me:p4ss@127.0.0.1:9100/metrics?key=t0k"]
"""


def run(folder, *words, **variables):
    world = {"PATH": os.environ["PATH"], "HOME": folder, "CONFIGURATION_DIRECTORY": folder,
             **{name: value for name, value in os.environ.items() if "SAN_OPTIONS" in name},
             **variables}
    return subprocess.run([PROGRAM, "config", *words], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=world, timeout=60)


def check_show(report, folder, file):
    shown = run(folder, "show")
    report.check("show_prints_what_was_set", shown.returncode == 0
                 and "memory: 1G\nscrape" not in shown.stdout and "memory: 1G\n" in shown.stdout
                 and "threads" not in shown.stdout, shown)
    report.check("no_secret_is_shown", "hooks.example.com" in shown.stdout
                 and not any(word in shown.stdout for word in ("p4ss", "s3cret", "t0k")),
                 shown.stdout)
    every = run(folder, "show", "--effective", "--origin", "--threads", "3", ODDBALL_SEED="5")
    for row in (f"memory: 1G  # {file}:2", "threads: 3  # --threads", "seed: 5  # ODDBALL_SEED",
                "series_max: 100000  # default"):
        report.check(f"origin_{row.split(':')[0]}", row in every.stdout.splitlines(), every.stdout)
    again = Path(folder, "again.yaml")
    text = run(folder, "show", "--effective").stdout
    again.write_text("".join(row + "\n" for row in text.splitlines()
                             if "(hidden)" not in row and row not in ("scrape:", "notify:")))
    second = run(folder, "show", "--effective", "--config", str(again)).stdout
    report.check("what_is_shown_is_taken_again",
                 [row for row in second.splitlines() if row not in text.splitlines()]
                 == ["scrape: []", 'webhook: ""', "notify: []"], (text, second))


def check_documents(report, folder):
    text = (Path(__file__).resolve().parents[3] / "doc/settings.md").read_text()
    rows, group = run(folder, "show", "--effective").stdout.splitlines(), ""
    keys = []
    for row in rows:
        name = row.split(":")[0]
        if row.startswith("  ") and not row.startswith("  -") and group != "mask_rules":
            keys.append(f"{group}.{name.strip()}")
        elif not row.startswith(" "):
            group = name
            keys += [] if row.endswith(":") else [name]
    missing = [key for key in keys if f"`{key}`" not in text]
    report.check("every_key_stands_in_the_document", len(keys) > 35 and not missing, missing)


def check_all(report, bad):
    bad.write_text("lissten: off\nmemory: much\nthreads: [1]\nsyslog: {tls: '127.0.0.1:6514'}\n"
                   "webhook:\n")
    drop_ins = bad.parent / "conf.d"
    drop_ins.mkdir()
    (drop_ins / "1.yaml").write_text("seed: {a\n")
    (drop_ins / "2.yaml").write_text("retention: 3 weeks\n")
    done = run(str(bad.parent), "check", str(bad))
    told = done.stderr.splitlines()
    wanted = (f"{bad}:1: there is no key lissten", f"{bad}:2: memory", f"{bad}:3: threads",
              f"{bad}:5: webhook has no value", f"{drop_ins}/1.yaml:", f"{drop_ins}/2.yaml:1: ret",
              "syslog.tls needs tls.certificate")
    report.check("every_mistake_of_every_file_is_told_once",
                 done.returncode == 2 and not done.stdout and len(told) == len(wanted) and
                 all(row.startswith(f"oddball: {part}") for row, part in zip(told, wanted)), done)
    bad.write_text("".join(f"wrong{number}: 1\n" for number in range(150)))
    for file in drop_ins.iterdir():
        file.unlink()
    drop_ins.rmdir()
    done = run(str(bad.parent), "check", str(bad))
    report.check("of_very_many_the_first_are_told_and_the_rest_counted",
                 done.returncode == 2 and len(done.stderr.splitlines()) == 101
                 and done.stderr.endswith("and 50 more mistakes\n"), done)


def check_check(report, folder, file):
    done = run(folder, "check")
    report.check("good_settings_are_good", done.returncode == 0
                 and done.stdout == f"{file} is good\n", done)
    done = run(folder, "check", "/nonexistent.yaml")
    report.check("no_file_is_2", done.returncode == 2 and "No such file" in done.stderr, done)
    bad = Path(folder, "bad.yaml")
    bad.write_text("lissten: off\n")
    done = run(folder, "check", str(bad))
    report.check("an_unknown_key_names_its_neighbour", done.returncode == 2
                 and f"{bad}:1: there is no key lissten; did you mean listen?" in done.stderr, done)
    done = run(folder, "check", "--token-file", "/nonexistent", ODDBALL_LISTEN="nowhere")
    report.check("mistakes_of_all_origins_are_told", "ODDBALL_LISTEN" in done.stderr
                 and "cannot read the secret" in done.stderr, done)
    junk = Path(folder, "junk.pem")
    junk.write_text("no certificate\n")
    junk.chmod(0o600)
    done = run(folder, "check", "--tls-certificate", str(junk), "--tls-key", str(junk))
    report.check("a_certificate_that_is_none_is_told", done.returncode == 2
                 and f"cannot use the certificate {junk}" in done.stderr, done)
    done = run(folder, "check", "--mask-rules", "ticket=(", "--notify", "slack=/nonexistent")
    report.check("what_would_keep_the_server_from_starting_is_told", done.returncode == 2
                 and 'the mask rule "ticket"' in done.stderr
                 and "cannot read the secret in /nonexistent" in done.stderr, done)
    check_all(report, bad)
    done = run(folder, "check", "--token-file", "/nonexistent")
    report.check("a_secret_that_is_not_there_is_2", done.returncode == 2
                 and "cannot read the secret" in done.stderr, done)
    done = run(folder, "check", ODDBALL_LISTN="off")
    report.check("a_mistyped_variable_is_told", done.returncode == 0
                 and "did you mean ODDBALL_LISTEN?" in done.stderr, done)
    done = run(folder, "check", "--quiet", ODDBALL_LISTN="off")
    report.check("quiet_is_quiet", not done.stderr, done)
    done = run("/nonexistent", "check")
    report.check("no_settings_are_good_too", done.returncode == 0
                 and "the defaults are good" in done.stdout, done)
    for words in ((), ("chekc",), ("check", "a", "b"), ("show", "x")):
        done = run(folder, *words)
        report.check(f"config_{'_'.join(words)}_is_2", done.returncode == 2 and done.stderr, done)


def main():
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "oddball.yaml")
        file.write_text(SETTINGS)
        check_show(report, folder, file)
        check_documents(report, folder)
        check_check(report, folder, file)
    report.finish()


if __name__ == "__main__":
    main()
