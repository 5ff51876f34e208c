#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""grafana.py - a server asked as Grafana asks a Prometheus, a Loki and an Alertmanager: one server
with an hour of queues, a counter and a log, an alert that fires, and a mute.

    grafana.py PROGRAM
"""
import datetime
import json
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests/tools"), str(ROOT / "tests/bin/api")]
import remote_write  # noqa: E402
import schema  # noqa: E402
from program import Program  # noqa: E402
from recorder import waits  # noqa: E402
from report import Report  # noqa: E402

STEP_S = 15
STEPS = 241
ODD_LABEL = 'x"y,job="z\n'
METRICS = ["oddball_actual", "oddball_expected", "oddball_lower", "oddball_score",
           "oddball_upper"]
NOW = int(time.time()) // 60 * 60
BEGIN = NOW - 3600


class Asked:
    """One answer; those that say 200 are kept by their path."""
    kept = {}

    def __init__(self, server, path, form=None, **parameters):
        query = urllib.parse.urlencode(parameters, doseq=True)
        body = None if form is None else urllib.parse.urlencode(form, doseq=True).encode()
        self.request = f"{path}?{query} {form or ''}"
        try:
            with urllib.request.urlopen(f"{server.address}{path}?{query}", body, 60) as answer:
                self.status, self.text = answer.status, answer.read().decode()
                self.type = answer.headers["Content-Type"]
        except urllib.error.HTTPError as problem:
            self.status, self.text = problem.code, problem.read().decode()
            self.type = problem.headers["Content-Type"]
        if self.status == 200:
            path = re.sub("/label/[^/]*/", "/label/{name}/", path)
            self.kept.setdefault(path, []).append(self.json())

    def json(self):
        return json.loads(self.text)

    def data(self):
        return self.json()["data"] if self.status == 200 else {"result": []}

    def result(self):
        return self.data()["result"]

    def __repr__(self):
        return f"{self.request}\n{self.status} {self.text[:2000]}"


def fill(server):
    """Queues of 100, 110, 120 that count 0 to 4 and begin again; 2 requests a second; a line each
    10 seconds, each seventh an error."""
    series = []
    for number in range(3):
        labels = {"__name__": "queue_length", "queue": f"q{number}", "job": "mail",
                  "source": ODD_LABEL}
        series.append((labels, [((BEGIN + step * STEP_S) * 1000, 100 + 10 * number + step % 5)
                                for step in range(STEPS)]))
    series.append(({"__name__": "requests_total", "job": "shop", "code": "500"},
                   [((BEGIN + step * STEP_S) * 1000, 2 * STEP_S * step)
                    for step in range(STEPS)]))
    server.ask("/api/v1/write", remote_write.body(series), **remote_write.HEADERS)
    lines = []
    for i in range(360):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(BEGIN + i * 10))
        lines.append(f"{stamp} {'ERROR' if i % 7 == 0 else 'INFO'} shelf {100 + i} was counted\n")
    server.ask("/ingest?source=store.log", "".join(lines).encode())
    time.sleep(1.2)
    server.learnt(20)


def check_selectors(report, server):
    def ask(query):
        return Asked(server, "/api/v1/query", query=query, time=NOW)

    answer = ask('oddball_actual{queue="q0"}')
    report.check("a_value_has_the_labels_of_its_series_and_where_it_came_from",
                 answer.data() == {"resultType": "vector", "result": [
                     {"metric": {"__name__": "oddball_actual", "exported_source": ODD_LABEL,
                                 "job": "mail", "name": "queue_length", "queue": "q0",
                                 "source": "prometheus:mail"}, "value": [NOW, "100"]}]}, answer)
    for query, wanted in (('oddball_actual{queue=~"q[12]"}', ["q1", "q2"]),
                          ('oddball_actual{job="mail",queue!="q1"}', ["q0", "q2"]),
                          ('{__name__="oddball_actual",name="queue_length",queue!~"q[12]|"}',
                           ["q0"]),
                          ('oddball_score{exported_source=\'x"y,job="z\\n\'}',
                           ["q0", "q1", "q2"]),
                          ('oddball_actual{queue=~"q"}', []), ("up", [])):
        answer = ask(query)
        report.check(f"{query} picks what it says",
                     [item["metric"]["queue"] for item in answer.result()] == wanted, answer)
    answer = ask('oddball_actual{pattern!=""}')
    metric = answer.result()[0]["metric"] if answer.result() else {}
    report.check("a_pattern_of_lines_is_a_series_too",
                 metric.get("name") == "lines_per_minute" and len(metric["pattern"]) == 16 and
                 metric["source"] == "store.log" and answer.result()[0]["value"][1] == "6", answer)
    answer = ask('oddball_actual{code="500"}')
    report.check("of_a_counter_it_is_what_it_grew_a_second",
                 [item["value"][1] for item in answer.result()] == ["2"], answer)
    low, high = (ask(f'oddball_{bound}{{queue="q0"}}').result()[0]["value"][1]
                 for bound in ("lower", "upper"))
    report.check("the_bounds_are_around_it", float(low) < 102 < float(high), (low, high))


def check_ranges(report, server):
    def ask(query, begin, end, step):
        return Asked(server, "/api/v1/query_range", form={
            "query": query, "start": begin, "end": end, "step": step})

    answer = ask('oddball_actual{queue="q0"}', BEGIN, BEGIN + 60, STEP_S)
    report.check("a_range_has_the_newest_value_at_each_step",
                 answer.data()["resultType"] == "matrix" and answer.result()[0]["values"] ==
                 [[BEGIN + 15 * i, str(100 + i)] for i in range(5)], answer)
    answer = ask('oddball_actual{queue="q0"}', BEGIN + 7.25, BEGIN + 37.25, "30s")
    report.check("also_between_the_samples",
                 answer.result()[0]["values"] == [[BEGIN + 7.25, "100"], [BEGIN + 37.25, "102"]],
                 answer)
    answer = ask('oddball_actual{queue="q0"}', NOW - 60, NOW + 600, "1m")
    report.check("a_value_counts_for_five_minutes",
                 [at for at, _ in answer.result()[0]["values"]] ==
                 [NOW + 60 * i for i in range(-1, 5)], answer)
    answer = ask("sum by (job) (oddball_actual{job!=''})", NOW - 60, NOW, "1m")
    report.check("a_sum_is_of_what_has_the_same_labels",
                 answer.result() == [
                     {"metric": {"job": "mail"}, "values": [[NOW - 60, "333"], [NOW, "330"]]},
                     {"metric": {"job": "shop"}, "values": [[NOW - 60, "2"], [NOW, "2"]]}], answer)
    for fold, wanted in (("avg", "111"), ("min", "101"), ("count", "3")):
        answer = ask(f"{fold}(oddball_actual{{job='mail'}})", NOW - 60, NOW - 60, "1m")
        report.check(f"{fold}_folds_all", answer.result() == [
            {"metric": {}, "values": [[NOW - 60, wanted]]}], answer)
    answer = ask("rate(oddball_actual{queue='q0'}[5m])", NOW - 60, NOW, "1m")
    # 20 samples within 285 s: 15 rises by 1, and 4 falls to 100; carried on to the window's ends.
    values = [float(value) for _, value in answer.result()[0]["values"]]
    report.check("rate_takes_a_fall_for_a_beginning_at_0",
                 len(values) == 2 and all(abs(value - 415 / 285) < 1e-9 for value in values) and
                 "__name__" not in answer.result()[0]["metric"], answer)
    answer = ask("max(rate(oddball_actual{name='queue_length'}[1m])) by (name)", NOW, NOW, 15)
    report.check("and_is_folded", [item["metric"] for item in answer.result()] ==
                 [{"name": "queue_length"}], answer)


def check_names(report, server):
    answer = Asked(server, "/api/v1/series", **{"match[]": ['oddball_score{job="mail"}',
                                                            'oddball_lower{code="500"}']})
    report.check("series_are_those_of_any_selector",
                 [(item["__name__"], item["name"]) for item in answer.data()] ==
                 [("oddball_lower", "requests_total")] + 3 * [("oddball_score", "queue_length")],
                 answer)
    answer = Asked(server, "/api/v1/labels", form={"start": BEGIN, "end": NOW})
    report.check("labels_are_all_there_are",
                 answer.data() == ["__name__", "code", "exported_source", "job", "name", "pattern",
                                   "queue", "source"], answer)
    for name, more, wanted in (("__name__", {}, METRICS),
                               ("queue", {"match[]": 'oddball_score{queue!="q0"}'}, ["q1", "q2"]),
                               ("exported_source", {}, [ODD_LABEL]),
                               ("source", {}, ["prometheus:mail", "prometheus:shop", "store.log"]),
                               ("nothing", {}, [])):
        answer = Asked(server, f"/api/v1/label/{name}/values", **more)
        report.check(f"the_values_of_{name}", answer.data() == wanted, answer)
    answer = Asked(server, "/api/v1/metadata")
    report.check("the_metrics_say_what_they_are", sorted(answer.data()) == METRICS and
                 answer.data()["oddball_score"][0]["type"] == "gauge", answer)
    answer = Asked(server, "/api/v1/status/buildinfo")
    report.check("it_says_its_version", "version" in answer.data(), answer)
    answer = Asked(server, "/api/v1/query", query="1+1", time=4)
    report.check("grafana_sees_that_somebody_is_there",
                 answer.data() == {"resultType": "scalar", "result": [4, "2"]}, answer)


def check_refusals(report, server):
    for query, word in (("topk(3, oddball_score)", "topk"), ("oddball_score[5m]", "[5m]"),
                        ("oddball_score{queue=q0}", "in quotes"),
                        ("oddball_score offset 5m", "offset"),
                        ("", "selector"), ("{}", "selector"), ("sum(oddball_score", '")"'),
                        ('oddball_score{a=~"("}', "missing )")):
        answer = Asked(server, "/api/v1/query", query=query)
        told = answer.json()
        report.check(f"what is not understood is said: {query}",
                     answer.status == 400 and told["status"] == "error" and
                     told["errorType"] == "bad_data" and word in told["error"] and
                     ("understood are" in told["error"] or word == "missing )"), answer)
    for parameters, word in (({"start": 1, "end": 2}, "step"), ({"start": 1, "step": 1}, "end"),
                             ({"start": 2, "end": 1, "step": 1}, "end"),
                             ({"start": 1, "end": 20000, "step": 1}, "11,000"),
                             ({"start": "soon", "end": 2, "step": 1}, "start")):
        answer = Asked(server, "/api/v1/query_range", query="oddball_score", **parameters)
        report.check(f"a_wrong_{word}_is_named",
                     answer.status == 400 and answer.json()["errorType"] == "bad_data" and
                     word in answer.json()["error"], answer)
    answer = Asked(server, "/api/v1/series")
    report.check("series_need_a_selector", answer.status == 400 and
                 "match[]" in answer.json()["error"], answer)


def check_lines(report, server):
    def ask(query, **more):
        return Asked(server, "/loki/api/v1/query_range", query=query, start=BEGIN * 10**9,
                     end=NOW * 10**9, **more)

    def line(i):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(BEGIN + i * 10))
        return [str((BEGIN + i * 10) * 10**9),
                f"{stamp} {'ERROR' if i % 7 == 0 else 'INFO'} shelf {100 + i} was counted"]

    answer = ask('{source="store.log"}', limit=3)
    streams = {item["stream"]["level"]: item["values"] for item in answer.result()}
    report.check("the_newest_lines_come_by_their_stream",
                 answer.data()["resultType"] == "streams" and
                 streams == {"error": [line(357)], "info": [line(359), line(358)]}, answer)
    answer = ask('{level="error"} |= "shelf 1" !~ "shelf 1[0-5]" != `161`', limit=2,
                 direction="forward")
    report.check("filters_pick_lines",
                 [item["values"] for item in answer.result()] == [[line(63), line(70)]], answer)
    answer = ask("sum by (level, detected_level) (count_over_time({source=~\".+\"} "
                 "| drop __error__ [10m]))", step=600)
    counts = {item["metric"]["level"]: item["values"] for item in answer.result()}
    report.check("the_volume_of_lines_is_counted_by_level",
                 sum(int(value) for rows in counts.values() for _, value in rows) == 360 and
                 counts["error"][0] == [BEGIN, "1"] and
                 all(set(item["metric"]) == {"level"} for item in answer.result()), answer)
    answer = Asked(server, "/loki/api/v1/query", time=NOW,
                   query='sum(rate({source="store.log"} [1m]))')
    report.check("a_rate_is_a_second", answer.result()[0]["value"] ==
                 [NOW, "0.083333333333333329"], answer)
    answer = Asked(server, "/loki/api/v1/query", query="vector(1)+vector(1)", time=NOW * 10**9)
    report.check("grafana_sees_that_a_loki_is_there", answer.result() ==
                 [{"metric": {}, "value": [NOW, "2"]}], answer)
    span = {"start": BEGIN, "end": NOW}
    report.check("a_stream_has_three_labels", Asked(server, "/loki/api/v1/labels").data() ==
                 ["level", "pattern", "source"])
    answer = Asked(server, "/loki/api/v1/label/level/values", **span)
    report.check("the_levels_are_listed", answer.data() == ["error", "info"], answer)
    answer = Asked(server, "/loki/api/v1/series", **{"match[]": '{level="info"}'}, **span)
    report.check("streams_are_listed", [item["level"] for item in answer.data()] == ["info"] and
                 answer.data()[0]["source"] == "store.log", answer)
    answer = Asked(server, "/loki/api/v1/patterns", query='{source="store.log"}', step="10m",
                   **span)
    report.check("patterns_have_their_lines_a_step",
                 len(answer.data()) == 1 and
                 answer.data()[0]["pattern"] == "shelf <num> was counted" and
                 sum(count for _, count in answer.data()[0]["samples"]) == 360 and
                 all(at % 600 == 0 for at, _ in answer.data()[0]["samples"]), answer)
    for query, more, word in (('{source="a"} | json', {}, "json"), ('{source="a"', {}, '"}"'),
                              ('{source="a"}', {"limit": 9999}, "limit"), ("", {}, "query"),
                              ('{source="a"}', {"direction": "up"}, "direction"),
                              ('{source=~"("}', {}, "missing )")):
        answer = ask(query, **more)
        report.check(f"Loki's clients are told in plain text: {query} {word}",
                     answer.status == 400 and answer.type.startswith("text/plain") and
                     word in answer.text, answer)


def check_alerts(report, server):
    stamp = datetime.datetime.fromtimestamp(NOW - 60, datetime.timezone.utc)
    fired = {"labels": {"alertname": "ShopSlow", "service": "shop"},
             "annotations": {"summary": "it is slow"},
             "startsAt": stamp.strftime("%Y-%m-%dT%H:%M:%SZ")}
    server.ask("/api/v2/alerts", json.dumps([fired]).encode())
    path = "/api/v2/alerts"
    waits(lambda: Asked(server, path).json())
    answer = Asked(server, path)
    alerts = answer.json()
    incident = json.loads(server.ask("/api/v1/incidents"))["items"][0]
    report.check("an_open_incident_is_an_alert",
                 len(alerts) == 1 and alerts[0]["labels"] == {
                     "alertname": "Odd", "incident": incident["id"], "severity": "warning",
                     "source": "alertmanager"} and alerts[0]["fingerprint"] == incident["id"] and
                 alerts[0]["annotations"] == {"summary": incident["sentence"]} and
                 alerts[0]["startsAt"] == incident["time"] and
                 alerts[0]["status"] == {"inhibitedBy": [], "mutedBy": [], "silencedBy": [],
                                         "state": "active"} and
                 alerts[0]["receivers"] == [{"name": "oddball"}], answer)
    groups = Asked(server, f"{path}/groups").json()
    report.check("its_group_is_its_source",
                 [item["labels"] for item in groups] == [{"source": "alertmanager"}] and
                 [item["fingerprint"] for item in groups[0]["alerts"]] == [incident["id"]] and
                 groups[0]["receiver"] == {"name": "oddball"}, groups)
    for more, wanted in (({"filter": 'alertname="Odd"'}, 1), ({"filter": "severity=page"}, 0),
                         ({"filter": ["alertname=Odd", 'severity!="warning"']}, 0),
                         ({"active": "false"}, 0), ({"silenced": "false"}, 1),
                         ({"receiver": "oddball"}, 1), ({"receiver": "other"}, 0)):
        answer = Asked(server, path, **more)
        report.check(f"{more} picks {wanted}", len(answer.json()) == wanted, answer)
    answer = Asked(server, path, filter="severity=~p")
    report.check("a_filter_that_is_not_understood_is_named", answer.status == 400 and
                 "filter" in answer.json()["detail"], answer)
    report.check("there_is_one_receiver", Asked(server, "/api/v2/receivers").json() ==
                 [{"name": "oddball"}])
    answer = Asked(server, "/api/v2/status")
    report.check("it_stands_alone_and_says_how_it_is_set",
                 answer.json()["cluster"]["status"] == "disabled" and
                 "receiver: oddball" in answer.json()["config"]["original"], answer)


def check_mutes(report, server):
    mute = {"verdict": "mute", "source": "alertm*", "until": "2126-12-24T00:00:00Z",
            "reason": "it is known", "author": "mia"}
    report.check("there_is_no_silence_yet", Asked(server, "/api/v2/silences").json() == [])
    server.ask("/api/v1/verdicts", json.dumps(mute).encode())
    path = "/api/v2/alerts"
    waits(lambda: Asked(server, path).json()[0]["status"]["state"] == "suppressed")
    silences = Asked(server, "/api/v2/silences").json()
    report.check("a_mute_is_a_silence",
                 len(silences) == 1 and silences[0]["matchers"] == [
                     {"name": "source", "value": "alertm.*", "isRegex": True, "isEqual": True}] and
                 silences[0]["endsAt"] == mute["until"] and silences[0]["createdBy"] == "mia" and
                 silences[0]["comment"] == "it is known" and
                 silences[0]["status"] == {"state": "active"}, silences)
    alert = Asked(server, path).json()[0]
    report.check("what_it_holds_back_says_so",
                 alert["status"]["silencedBy"] == [silences[0]["id"]], alert)
    report.check("and_is_left_out_where_that_is_asked",
                 Asked(server, path, silenced="false").json() == [])


def told_by(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=60)
    return done.stdout


def check_clients(report, server):
    """The programs that Prometheus and Alertmanager come with."""
    if shutil.which("promtool") is None or shutil.which("amtool") is None:
        report.skip("promtool_and_amtool_understand_the_answers", "they are not installed")
        return
    now = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = told_by("promtool", "query", "instant", f"--time={now}", server.address,
                   "sum by (job) (oddball_actual{job='mail'})")
    report.check("promtool_understands_a_vector", told.startswith('{job="mail"} => 330 @'), told)
    told = told_by("promtool", "query", "range", f"--start={BEGIN}", f"--end={BEGIN + 60}",
                   "--step=15s", server.address, 'oddball_actual{queue="q0"}')
    report.check("promtool_understands_a_matrix",
                 [f"{100 + i} @[{BEGIN + 15 * i}]" for i in range(5)] ==
                 told.split("\n")[1:6], told)
    told = told_by("promtool", "query", "series", f"--start={BEGIN}", f"--end={NOW}",
                   "--match=oddball_score{code='500'}", server.address)
    report.check("promtool_understands_series", told.count("oddball_score") == 1, told)
    told = told_by("promtool", "query", "labels", f"--start={BEGIN}", f"--end={NOW}",
                   server.address, "queue")
    report.check("promtool_understands_labels", told.split() == ["q0", "q1", "q2"], told)
    amtool = ("amtool", f"--alertmanager.url={server.address}")
    told = told_by(*amtool, "alert", "query", "--silenced", "-o", "extended")
    report.check("amtool_understands_alerts", 'severity="warning"' in told and
                 "suppressed" in told, told)
    told = told_by(*amtool, "silence", "query")
    report.check("amtool_understands_silences", "alertm.*" in told and "mia" in told, told)


def check_document(report, server):
    """What was answered is what doc/openapi.json says."""
    document = json.loads(server.ask("/api/openapi.json"))
    written = {path for path, item in document["paths"].items()
               if "grafana" in item.get("get", {}).get("tags", [])}
    report.check("every_path_was_asked", written == set(Asked.kept), written ^ set(Asked.kept))
    for path, answers in Asked.kept.items():
        fits = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        wrong = [fault for answer in answers
                 for fault in schema.faults(document, fits["schema"], answer)]
        report.check(f"{path} answers as the document says", not wrong, "\n".join(wrong))


def check_shipped(report, server):
    """Every query of the dashboards that are shipped is understood."""
    for path in sorted((ROOT / "packaging/grafana/dashboards").glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel.get("targets", []):
                query = target.get("expr")
                if query is None:
                    continue
                for name, value in (("$source", ".+"), ("$name", ".+"), ("$pattern", ".*"),
                                    ("$__interval", "1m")):
                    query = query.replace(name, value)
                loki = panel["datasource"]["type"] == "loki"
                answer = Asked(server, "/loki/api/v1/query_range" if loki else
                               "/api/v1/query_range", query=query, start=BEGIN, end=NOW, step=60)
                report.check(f"{path.name} asks what is understood: {query}",
                             answer.status == 200 and answer.result(), answer)


def main():
    report = Report()
    with Program(sys.argv[1]) as server:
        fill(server)
        check_selectors(report, server)
        check_ranges(report, server)
        check_names(report, server)
        check_refusals(report, server)
        check_lines(report, server)
        check_alerts(report, server)
        check_mutes(report, server)
        check_clients(report, server)
        check_shipped(report, server)
        check_document(report, server)
    report.finish()


if __name__ == "__main__":
    main()
