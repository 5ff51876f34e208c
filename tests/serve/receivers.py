#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""receivers.py - who is told of an incident, once for all of its findings: an Alertmanager, and
what takes the place of PagerDuty, Slack and Teams.

    receivers.py PROGRAM
"""
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "tools"),
                str(Path(__file__).resolve().parent)]
from program import Program, free_port  # noqa: E402
from recorder import Recorder, waits  # noqa: E402
from report import Report  # noqa: E402
from series import STEP_S, queues, write  # noqa: E402

SEED = 7
STEPS = 6 * 3600 // STEP_S
SHIFT = STEPS - 40


def make_odd(server):
    """Two of ten queues shift half an hour ago: two findings, one incident."""
    now = int(time.time())
    rows = queues(random.Random(SEED), 10, now - STEPS * STEP_S, STEPS, shift=(7, SHIFT))
    write(server, rows)


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
    report.check("slack_is_told_once", len(got["/slack/T0ken"]) == 1 and
                 "q7" in got["/slack/T0ken"][0]["text"], got["/slack/T0ken"])
    report.check("who_is_for_other_sources_is_not_told", "/elsewhere" not in got)
    report.check("what_was_taken_is_counted", sent >= len(told), sent)


def firing(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/alerts", timeout=5) as answer:
        return json.load(answer)


def is_up(port):
    try:
        firing(port)
        return True
    except OSError:
        return False


def an_alertmanager_fires(report, program):
    name = "an_alertmanager_has_the_incident_firing"
    if shutil.which("prometheus-alertmanager") is None:
        report.skip(name, "no prometheus-alertmanager")
        return
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "am.yml").write_text("route: {receiver: none}\nreceivers: [{name: none}]\n")
        manager = subprocess.Popen(
            ["prometheus-alertmanager", f"--config.file={folder}/am.yml",
             f"--storage.path={folder}", f"--web.listen-address=127.0.0.1:{port}",
             "--cluster.listen-address="],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            waits(lambda: is_up(port))
            with Program(program, "--notify", f"alertmanager=http://127.0.0.1:{port}") as server:
                make_odd(server)
                good = waits(lambda: firing(port))
            alerts = firing(port)
            report.check(name, good and "q7" in alerts[0]["annotations"]["summary"] and
                         alerts[0]["status"]["state"] == "active", alerts)
        finally:
            manager.kill()
            manager.wait()


def main():
    report = Report()
    each_receiver_is_told_in_its_own_form(report, sys.argv[1])
    an_alertmanager_fires(report, sys.argv[1])
    report.finish()


if __name__ == "__main__":
    main()
