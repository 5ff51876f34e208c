#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""doctor.py - the command `doctor`, of a made-up server and of this machine without one.

    doctor.py PROGRAM
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "tools")]
from fake_server import FakeServer, finding  # noqa: E402
from report import Report  # noqa: E402

PROGRAM = str(Path(sys.argv[1]).resolve())


def run(folder, *words):
    world = {**os.environ, "TMPDIR": folder, "ODDBALL_CONFIG": "off"}
    return subprocess.run([PROGRAM, "doctor", *words], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=world, timeout=120)


def checks_of(done):
    """{topic: (health, sentence, cure)}"""
    return {row["topic"]: (row["health"], row["sentence"], row["cure"])
            for row in json.loads(done.stdout)["checks"]}


def check_server(report, folder):
    server = FakeServer()
    server.add(finding(1))
    done = run(folder, "--server", server.url + "/", "--format", "json")
    checks = checks_of(done)
    report.check("a_server_that_is_well_is_good", done.returncode == 0
                 and checks["server"][0] == "good" and "takes data" in checks["server"][1], done)
    report.check("a_source_that_is_refused_is_bad_and_has_its_cure",
                 checks["/var/log/secure"][0] in ("bad", "note")
                 and "sudo usermod -aG adm u" in done.stdout
                 and "permission denied" in done.stdout, done.stdout)
    report.check("what_was_masked_is_told_by_kind", checks["masks"][:2]
                 == ("good", "1,202 secrets were masked since the start: password 2, email 1200"),
                 checks["masks"])
    report.check("damage_is_told_by_file", checks["journal-2.db.damaged"]
                 == ("bad", "journal-2.db cannot", None), checks)
    report.check("a_webhook_that_fails_is_bad", checks["webhook"][:2]
                 == ("bad", "5 findings were sent, 7 wait, 1 dropped; it answered 500"),
                 checks["webhook"])
    report.check("what_was_lost_is_told", "3 events were lost" in done.stdout, done.stdout)
    text = run(folder, "--server", server.url)
    report.check("text_is_for_people", "bad   /var/log/secure: permission denied\n"
                 "      this would help: sudo usermod -aG adm u\n" in text.stdout, text.stdout)
    report.check("a_pipe_has_no_colour", "\x1b" not in text.stdout)
    server.stop()


def check_machine(report, folder):
    log, port = Path(folder, "app.log"), socket.create_server(("127.0.0.1", 0))
    log.write_text("one line\n")
    taken = f"127.0.0.1:{port.getsockname()[1]}"
    before = set(os.listdir(folder))
    done = run(folder, "--no-discovery", "--no-journal", "--no-host", "--files", str(log),
               "--listen", "127.0.0.1:1", "--otlp-http", taken, "--otlp-grpc", "off",
               "--data", folder + "/data", "--duckdb", "/nonexistent/libduckdb.so",
               "--format", "json")
    checks = checks_of(done)
    report.check("no_server_is_a_note", done.returncode == 0 and checks["server"][0] == "note"
                 and checks["server"][2] == "oddball serve", done)
    report.check("a_port_that_is_taken_is_bad", checks["otlp.http"][0] == "bad", checks)
    report.check("what_is_off_is_not_looked_at", "otlp.grpc" not in checks)
    report.check("a_folder_that_can_be_made_is_good", checks["data"][0] == "good"
                 and "GB are free" in checks["data"][1], checks)
    report.check("a_library_that_is_not_there_is_bad", checks["lake"][0] == "bad"
                 and checks["lake"][2], checks)
    report.check("what_would_be_watched_is_counted",
                 checks["sources"] == ("good", "1 place of this machine would be watched", None),
                 checks)
    report.check("nothing_is_left_behind", set(os.listdir(folder)) == before, os.listdir(folder))
    port.close()
    done = run(folder, "--no-discovery", "--no-journal", "--no-host", "--data", "/dev/null/x",
               "--listen", "127.0.0.1:1", "--format", "json")
    checks = checks_of(done)
    report.check("a_folder_that_cannot_be_written_is_bad_and_has_its_cure",
                 checks["data"][0] == "bad" and "sudo install -d" in checks["data"][2], checks)


def main():
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        check_server(report, folder)
        check_machine(report, folder)
        done = run(folder, "--listen", "nowhere")
        report.check("wrong_settings_are_2", done.returncode == 2
                     and "--listen does not take" in done.stderr, done)
    report.finish()


if __name__ == "__main__":
    main()
