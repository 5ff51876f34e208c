#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""alerts.py - alerts that the rules of others fire: sent as Prometheus does and by a real
Alertmanager, told with what else is odd, over when they are, the same when history is run again.

    alerts.py PROGRAM
"""
import datetime
import json
import random
import sys
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from alertmanager import Alertmanager, has_alertmanager  # noqa: E402
from planted import service_log  # noqa: E402
from program import Program, free_port  # noqa: E402
from recorder import waits  # noqa: E402
from report import Report  # noqa: E402

SEED = 7
HAND_ON = """
route: {{receiver: odd, group_wait: 0s, group_interval: 1s}}
receivers: [{{name: odd, webhook_configs: [{{url: '{address}/api/v1/alerts'}}]}}]
"""


def stamp(seconds):
    time = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


STARTS = stamp(-60)


def alert(name, ends=240, **labels):
    """As Prometheus sends it."""
    return {"labels": {"alertname": name, "severity": "critical", **labels},
            "annotations": {"summary": f"{name} it is"}, "startsAt": STARTS,
            "endsAt": stamp(ends), "generatorURL": "http://prometheus/graph"}


def send(server, path, body):
    try:
        request = urllib.request.Request(server.address + path, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read()


def items(server, what):
    return json.loads(server.ask(f"/api/v1/{what}?limit=1000"))["items"]


def alerts_told(server):
    return [item for item in items(server, "findings") if item["kind"] == "alert"]


def an_alert_is_told_and_ends(report, program):
    with Program(program) as server:
        answer = send(server, "/api/v2/alerts", [alert("HighLatency", instance="web-1:9100")])
        report.check("an_alert_is_answered_200_and_nothing", answer == (200, b""), answer)
        report.check("it_is_a_finding", waits(lambda: alerts_told(server)))
        told = alerts_told(server)
        report.check("it_says_what_fires_where",
                     told[0]["sentence"] == "alert HighLatency fires on web-1: HighLatency it is",
                     told)
        report.check("its_source_is_alertmanager", told[0]["source"] == "alertmanager", told)
        position = json.loads(server.ask("/api/v1/status"))["journal_position"]
        refused = send(server, "/api/v1/changes", [])
        report.check("what_is_refused_is_no_change", refused[0] == 400, refused)
        for _ in range(20):
            send(server, "/api/v2/alerts", [alert("HighLatency", instance="web-1:9100")])
        events = server.ask("/metrics").decode()
        report.check("repeats_are_not_written_down_whatever_else_is_refused",
                     'oddball_received_events_total{format="alert"} 1\n' in events, position)
        own = send(server, "/api/v2/alerts", [alert("Odd", incident="0123456789abcdef")])
        report.check("our_own_are_answered_and_not_taken",
                     own == (200, b"") and
                     'rejected_total{format="alert"} 1\n' in server.ask("/metrics").decode(), own)
        send(server, "/api/v1/alerts",
             {"version": "4", "status": "resolved",
              "alerts": [{**alert("HighLatency", instance="web-1:9100"), "status": "resolved"}]})
        over = waits(lambda: alerts_told(server)[0]["state"] == "resolved")
        report.check("it_ends_when_it_is_resolved", over, alerts_told(server))
        report.check("and_its_incident_with_it",
                     [item["state"] for item in items(server, "incidents")] == ["resolved"],
                     items(server, "incidents"))
        answer = send(server, "/api/v2/alerts", {"no": "alerts"})
        report.check("what_is_none_is_refused", answer[0] == 400, answer)
        live = alerts_told(server)
        server.learnt()
        done = server.run("replay", "--quiet")
        again = [json.loads(row) for row in done.stdout.splitlines()]
        report.check("history_run_again_tells_the_same",
                     [item["id"] for item in again] == [item["id"] for item in live],
                     (done.stdout, done.stderr))
        server.stop()
        server.start()
        report.check("a_restart_forgets_none", alerts_told(server) == live, alerts_told(server))


def an_alert_joins_what_is_odd(report, program):
    with Program(program) as server:
        log = service_log(random.Random(SEED), 180, "disk sda is gone", 30)
        now = datetime.datetime.now(datetime.timezone.utc)
        moved = now - datetime.datetime(2026, 11, 20, 13, tzinfo=datetime.timezone.utc)
        rows = []
        for row in log.decode().splitlines():
            when = datetime.datetime.fromisoformat(row[:19]) + moved
            rows.append(when.strftime("%Y-%m-%dT%H:%M:%SZ") + row[20:] + "\n")
        server.ask("/ingest?source=shop", "".join(rows).encode())
        waits(lambda: items(server, "findings"))
        fired = alert("ShopSlow", service="shop")
        fired["startsAt"] = stamp(-29 * 60)
        send(server, "/api/v2/alerts", [fired])
        waits(lambda: alerts_told(server))
        told = items(server, "findings")
    gone = [item["incident"] for item in told if "is gone" in item["sentence"]]
    fires = [item["incident"] for item in told if item["kind"] == "alert"]
    report.check("an_alert_and_a_line_of_one_service_are_one_incident",
                 len(gone) == 1 and gone == fires, told)


def an_alertmanager_hands_them_on(report, program):
    name = "an_alert_of_an_alertmanager_is_told"
    if not has_alertmanager():
        report.skip(name, "no prometheus-alertmanager")
        return
    port = free_port()
    with Program(program, "--notify", f"alertmanager=http://127.0.0.1:{port}") as server, \
            Alertmanager(port, HAND_ON.format(address=server.address)) as manager:
        send(manager, "/api/v2/alerts", [alert("DiskFull", instance="db-1:9100")])
        good = waits(lambda: alerts_told(server))
        report.check(name, good and alerts_told(server)[0]["sentence"] ==
                     "alert DiskFull fires on db-1: DiskFull it is", alerts_told(server))
        refused = waits(lambda: 'rejected_total{format="alert"} 1\n' in
                        server.ask("/metrics").decode())
        report.check("our_own_come_back_and_are_not_taken", refused and
                     len(alerts_told(server)) == 1, alerts_told(server))
        send(manager, "/api/v2/alerts", [alert("DiskFull", ends=-1, instance="db-1:9100")])
        over = waits(lambda: alerts_told(server)[0]["state"] == "resolved")
        report.check("and_is_over_when_it_says_so", over, alerts_told(server))


def main():
    report = Report()
    an_alert_is_told_and_ends(report, sys.argv[1])
    an_alert_joins_what_is_odd(report, sys.argv[1])
    an_alertmanager_hands_them_on(report, sys.argv[1])
    report.finish()


if __name__ == "__main__":
    main()
