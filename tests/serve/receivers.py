#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""receivers.py - who is told of an incident, once for all of its findings: an Alertmanager, and
what takes the place of PagerDuty, Slack, Teams and a mail server.

    receivers.py PROGRAM
"""
import json
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "tools"),
                str(Path(__file__).resolve().parent)]
from alertmanager import Alertmanager, has_alertmanager  # noqa: E402
from mailbox import Mailbox  # noqa: E402
from program import Program, free_port  # noqa: E402
from recorder import Recorder, waits  # noqa: E402
from report import Report  # noqa: E402
from series import STEP_S, queues, write  # noqa: E402

SEED = 7
STEPS = 6 * 3600 // STEP_S
SHIFT = STEPS - 4
MORE = 20
BEGIN = int(time.time()) - (STEPS + MORE) * STEP_S


def make_odd(server):
    """A queue has been longer for a minute."""
    write(server, cut(all_queues(), 0, STEPS))


def make_odder(server):
    """Another one is longer since."""
    rows = [(labels, [(time_ms, value + (300 if labels["queue"] == "q3" else 0))
                      for time_ms, value in samples]) for labels, samples in all_queues()]
    write(server, cut(rows, STEPS, STEPS + MORE))


def all_queues():
    return queues(random.Random(SEED), 10, BEGIN, STEPS + MORE, shift=(7, SHIFT))


def cut(rows, first, end):
    return [(labels, samples[first:end]) for labels, samples in rows]


def secret(folder, name, text):
    path = Path(folder) / name
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


def each_receiver_is_told_in_its_own_form(report, program):
    recorder = Recorder()
    with tempfile.TemporaryDirectory() as folder:
        slack = secret(folder, "slack", recorder.url + "/slack/T0ken")
        teams = secret(folder, "teams", recorder.url + "/teams")
        pagerduty = secret(folder, "pagerduty", f"r0uting {recorder.url}/v2/enqueue")
        elsewhere = secret(folder, "elsewhere", recorder.url + "/elsewhere")
        told = ["/slack/T0ken", "/teams", "/v2/enqueue", "/api/v2/alerts"]
        with Program(program, "--notify", f"slack={slack}", "--notify", f"teams={teams}",
                     "--notify", f"pagerduty={pagerduty}", "--notify",
                     f"alertmanager={recorder.url}/", "--notify",
                     f"slack={elsewhere} source=elsewhere*") as server:
            make_odd(server)
            waits(lambda: all(path in recorder.got for path in told))
            got = dict(recorder.got)
            incidents = json.loads(server.ask("/api/v1/incidents"))["items"]
            sent = json.loads(server.ask("/api/v1/status"))["webhook"]["sent"]
    report.check("all_of_them_are_told", sorted(got) == sorted(told), sorted(got))
    ids = {item["id"] for item in incidents}
    alert = got["/api/v2/alerts"][0][0]
    report.check("an_alert_has_the_incident", alert["labels"]["incident"] in ids, (alert, ids))
    event = got["/v2/enqueue"][0]
    report.check("pagerduty_has_its_key_and_the_incident",
                 (event["routing_key"], event["event_action"], event["dedup_key"] in ids)
                 == ("r0uting", "trigger", True), event)
    report.check("slack_is_told_each_once", len(got["/slack/T0ken"]) == len(ids) and
                 any("q7" in message["text"] for message in got["/slack/T0ken"]),
                 got["/slack/T0ken"])
    report.check("who_is_for_other_sources_is_not_told", "/elsewhere" not in got)
    report.check("what_was_taken_is_counted", sent >= len(told), sent)


def mail_is_told_when_an_incident_begins(report, program):
    mailbox = Mailbox(not_yet=1, unknown="gone@example.com")
    with tempfile.TemporaryDirectory() as folder:
        line = f"{mailbox.url} odd@example.com gone@example.com,oncall@example.com"
        with Program(program, "--notify", f"mail={secret(folder, 'mail', line)}") as server:
            make_odd(server)
            waits(lambda: mailbox.got)
            ids = {item["id"] for item in json.loads(server.ask("/api/v1/incidents"))["items"]}
    sender, receivers, message = mailbox.got[0]
    report.check("what_is_not_taken_yet_is_sent_again", mailbox.turned_away == 1)
    report.check("one_that_is_unknown_keeps_no_mail_from_the_others",
                 (sender, receivers) == ("odd@example.com", ["oncall@example.com"]),
                 (sender, receivers))
    report.check("a_mail_says_what_is_odd_and_how_to_ask_why",
                 message["Subject"].startswith("odd on ") and "q7" in message.get_content() and
                 message.get_content().split()[-1] in ids, message.as_string())


def a_line_that_names_nobody_is_refused(report, program):
    """Before anything is sent: a mail that nobody gets is no mail."""
    for line in ("odd@example.com oncall@example.com", "odd@example.com a@example.com,,b@b.org",
                 "odd@example.com @example.com", "odd@example.com a@b.org,<c@d.org>"):
        server = "" if line.startswith("odd@example.com oncall") else "smtp://127.0.0.1 "
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [program, "serve", "--data", folder, "--listen", "127.0.0.1:0", "--no-discovery",
                 "--notify", f"mail={secret(folder, 'mail', server + line)}"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True, timeout=20)
        report.check(f"it_is_refused: {line}",
                     done.returncode == 2 and "a good line is smtp://" in done.stderr, done.stderr)


def a_restart_tells_nobody_twice_but_who_forgets(report, program):
    recorder = Recorder()
    with tempfile.TemporaryDirectory() as folder:
        slack = secret(folder, "slack", recorder.url + "/slack")
        with Program(program, "--notify", f"slack={slack}", "--notify",
                     f"alertmanager={recorder.url}") as server:
            make_odd(server)
            waits(lambda: len(recorder.got) == 2)
            told = len(recorder.got["/api/v2/alerts"])
            server.stop()
            server.start()
            again = waits(lambda: len(recorder.got["/api/v2/alerts"]) > told)
    alerts = [alert["labels"]["incident"] for body in recorder.got["/api/v2/alerts"]
              for alert in body]
    report.check("an_open_incident_is_told_to_an_alertmanager_after_a_restart",
                 again and set(alerts[told:]) <= set(alerts[:told]), alerts)
    report.check("and_not_to_people", len(recorder.got["/slack"]) == len(set(alerts)),
                 recorder.got["/slack"])


def a_reload_forgets_no_incident(report, program):
    recorder = Recorder()
    with tempfile.TemporaryDirectory() as folder:
        slack = secret(folder, "slack", recorder.url + "/slack")
        with Program(program, "--notify", f"slack={slack}") as server:
            make_odd(server)
            waits(lambda: "/slack" in recorder.got)
            server.process.send_signal(signal.SIGHUP)
            make_odder(server)
            waits(lambda: "more series" in told(server) or "q3" in told(server))
            items = json.loads(server.ask("/api/v1/findings"))["items"]
    incidents = {item["incident"] for item in items}
    report.check("after_a_reload_an_incident_that_goes_on_is_no_news",
                 len(recorder.got["/slack"]) == len(incidents), (recorder.got["/slack"], items))


def told(server):
    return " ".join(item["sentence"]
                    for item in json.loads(server.ask("/api/v1/findings"))["items"])


def those_who_do_not_answer_hold_up_no_stop(report, program):
    with socket.create_server(("127.0.0.1", 0)) as deaf, \
            tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        flags = []
        for number in range(6):
            flags += ["--notify", f"slack={secret(folder, f's{number}', f'{url}/{number}')}"]
        with Program(program, *flags) as server:
            make_odd(server)
            waits(lambda: json.loads(server.ask("/api/v1/incidents"))["items"])
            took, _ = server.stop()
    report.check("six_who_do_not_answer_hold_up_no_stop", took < 5, took)


def firing(manager):
    with urllib.request.urlopen(manager.address + "/api/v2/alerts", timeout=5) as answer:
        return json.load(answer)


def an_alertmanager_fires(report, program):
    name = "an_alertmanager_has_the_incident_firing"
    if not has_alertmanager():
        report.skip(name, "no prometheus-alertmanager")
        return
    with Alertmanager(free_port(),
                      "route: {receiver: none}\nreceivers: [{name: none}]\n") as manager:
        with Program(program, "--notify", f"alertmanager={manager.address}") as server:
            make_odd(server)
            good = waits(lambda: firing(manager))
        alerts = firing(manager)
        report.check(name, good and "q7" in alerts[0]["annotations"]["summary"] and
                     alerts[0]["status"]["state"] == "active", alerts)


def main():
    report = Report()
    each_receiver_is_told_in_its_own_form(report, sys.argv[1])
    mail_is_told_when_an_incident_begins(report, sys.argv[1])
    a_line_that_names_nobody_is_refused(report, sys.argv[1])
    a_restart_tells_nobody_twice_but_who_forgets(report, sys.argv[1])
    a_reload_forgets_no_incident(report, sys.argv[1])
    those_who_do_not_answer_hold_up_no_stop(report, sys.argv[1])
    an_alertmanager_fires(report, sys.argv[1])
    report.finish()


if __name__ == "__main__":
    main()
