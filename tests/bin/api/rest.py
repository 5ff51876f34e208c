#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""rest.py - the answers of the server, asked through sockets.

    rest.py API_SERVER
"""
import http.client
import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
import schema  # noqa: E402
from documented import check_schemas  # noqa: E402
from report import Report  # noqa: E402
from rest_verdicts import check_verdicts  # noqa: E402

BATCH = "application/vnd.oddball.predictions"


class Server:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.port = int(self.process.stdout.readline().split()[1])

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self, line):
        self.say(line)
        return self.process.stdout.readline().strip()

    def end(self):
        self.process.stdin.close()
        return self.process.wait(timeout=30)

    def ask(self, path, method="GET", body=None, headers=None):
        """(status, headers in small letters, body)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, content

    def get(self, path):
        """The status and the JSON."""
        status, _, content = self.ask(path)
        return status, json.loads(content)

    def sql(self, text):
        status, headers, content = self.ask("/api/v1/sql", "POST", json.dumps({"sql": text}))
        return status, headers, json.loads(content)


def problem_names(server, path, *words):
    """The answer is a problem with status 400 whose detail has all words."""
    status, headers, content = server.ask(path)
    problem = json.loads(content)
    good = (status == 400 and headers["content-type"] == "application/problem+json"
            and problem["status"] == 400 and all(word in problem["detail"] for word in words))
    return good, (path, status, content)


def check_findings(server, report):
    status, page = server.get("/api/v1/findings?limit=3")
    ids = [item["id"] for item in page["items"]]
    report.check("the_newest_findings_come_first",
                 status == 200 and ids == ["f249", "f248", "f247"], page)
    first = page["items"][0]
    report.check("a_finding_has_all_its_fields_with_times_in_rfc_3339",
                 first["time"] == "2026-11-24T00:24:42.5Z" and first["expected"] is None
                 and first["sample"] == 'a "sample" \\xff\x1b' and first["incident"] is None
                 and first["surprise"] == 3 + 249 * 7 % 100 / 10, first)
    seen, path = [], "/api/v1/findings?limit=100"
    cursor = ""
    while cursor is not None:
        page = server.get(path + (f"&cursor={quote(cursor)}" if cursor else ""))[1]
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    report.check("pages_hold_every_finding_once",
                 seen == [f"f{i:03}" for i in reversed(range(250))], len(seen))
    page = server.get("/api/v1/findings?order=oddest&limit=1000")[1]
    keys = [(item["surprise"], item["id"]) for item in page["items"]]
    report.check("the_oddest_findings_come_first_if_asked_for",
                 len(keys) == 250 and keys == sorted(keys, reverse=True) and page["next"] is None)
    page = server.get("/api/v1/findings?state=new&source=web&kind=burst&limit=1000")[1]
    report.check("findings_are_filtered_by_state_source_and_kind",
                 [item["id"] for item in page["items"]]
                 == [f"f{i:03}" for i in reversed(range(250)) if i % 3 and i % 5 == 0 and i % 2],
                 page)
    page = server.get("/api/v1/findings?since=2026-11-23T20:00:00Z&until=1795464943")[1]
    report.check("findings_are_filtered_by_time",
                 [item["id"] for item in page["items"]] == ["f000"], page)
    status, item = server.get("/api/v1/findings/f007")
    report.check("one_finding_is_found_by_its_id", status == 200 and item["id"] == "f007", item)
    report.check("a_finding_that_is_held_back_says_by_whom_and_what_people_said",
                 (item["state"], item["hidden_by"], item["verdict"])
                 == ("hidden", "disks", "real, expected"), item)
    page = server.get("/api/v1/findings?state=hidden")[1]
    shown = server.get("/api/v1/findings?state=shown&limit=1000")[1]["items"]
    report.check("findings_that_are_held_back_can_be_asked_for_or_left_out",
                 [item["id"] for item in page["items"]] == ["f007"]
                 and len(shown) == 249 and "f007" not in [item["id"] for item in shown], page)
    status, problem = server.get("/api/v1/findings/nothing")
    report.check("an_unknown_finding_is_404_and_says_where_they_are_listed",
                 status == 404 and "/api/v1/findings" in problem["detail"], problem)


def check_wrong_parameters(server, report):
    for name, path, words in (
            ("a_wrong_limit", "/api/v1/findings?limit=0", ("limit", "1 to 1000")),
            ("a_limit_that_is_no_number", "/api/v1/findings?limit=ten", ("limit", "ten")),
            ("a_wrong_time", "/api/v1/findings?since=yesterday", ("since", "yesterday")),
            ("a_wrong_state", "/api/v1/incidents?state=old", ("state", "resolved")),
            ("a_wrong_order", "/api/v1/patterns?order=up", ("order", "count or newest")),
            ("a_mistyped_parameter", "/api/v1/findings?sorce=web", ("sorce", "meant source")),
            ("a_wrong_cursor", "/api/v1/findings?cursor=x", ("cursor", "next")),
            ("a_cursor_of_another_order",
             "/api/v1/findings?order=oddest&cursor=newest.0000000000000000.a", ("cursor",)),
            ("a_span_backwards", "/api/v1/signals/up/history?from=20&to=10", ("from", "before")),
            ("a_step_too_short", "/api/v1/signals/up/history?step=1ms", ("step", "10000")),
            ("a_parameter_where_there_are_none", "/api/v1/status?x=1", ("x",))):
        report.check(f"{name}_is_400_and_named", *problem_names(server, path, *words))
    status, problem = server.get("/api/v1/finding")
    report.check("an_unknown_address_is_404_and_the_nearest_is_named",
                 status == 404 and "/api/v1/findings;" in problem["detail"], problem)
    status, headers, _ = server.ask("/api/v1/findings", "DELETE")
    report.check("a_wrong_method_is_405",
                 status == 405 and headers["allow"] == "GET, HEAD", headers)


def check_unread_filter(server, report):
    status, page = server.get("/api/v1/findings?until=0")
    report.check("nothing_was_found_before_1970", status == 200 and page["items"] == [], page)
    for query in ("source=%00", "source=%", "until=%0", "limit=3&kind=%00"):
        good, told = problem_names(server, f"/api/v1/findings?{query}", "parameter", "%20")
        report.check(f"a_filter_that_cannot_be_read_{query}_is_400", good, told)


def check_lists(server, report):
    status, page = server.get("/api/v1/incidents")
    report.check("incidents_are_listed", status == 200 and page["items"][0]["id"] == "i1"
                 and page["items"][0]["findings"] == 3 and page["items"][0]["hidden"] == 1
                 and page["next"] is None, page)
    status, incident = server.get("/api/v1/incidents/i1")
    report.check("an_incident_comes_with_its_findings",
                 [item["id"] for item in incident["items"]] == ["f000", "f001", "f002"], incident)
    report.check("an_incident_tells_its_cause_and_why_the_others_belong_to_it",
                 incident["cause"] == "c1" and incident["again"] is None
                 and [(part["part"], part["role"], part["rank"], part["why"])
                      for part in incident["story"]]
                 == [("finding", "failure", 2, "the same service: shop"),
                     ("change", "cause", 1, "sent")]
                 and incident["story"][1]["surprise"] is None, incident)
    report.check("an_incident_tells_what_was_checked_and_what_was_like_it",
                 [(check["sentence"], check["state"], check["signals"])
                  for check in incident["checked"]] == [("memory", "innocent", 7)]
                 and [like["id"] for like in incident["similar"]] == ["i0"], incident)
    status, page = server.get("/api/v1/incidents?state=escalating")
    report.check("incidents_are_filtered_by_their_states",
                 status == 200 and page["items"] == [], page)
    status, page = server.get("/api/v1/changes?limit=1")
    report.check("changes_are_listed_and_paged", status == 200 and page["items"][0]["id"] == "c2"
                 and page["items"][0]["seen"] is True and page["items"][0]["version"] is None
                 and page["next"] is not None, page)
    status, page = server.get("/api/v1/patterns?source=db&limit=1")
    report.check("a_pattern_has_the_id_that_the_path_of_its_history_wants",
                 page["items"][0]["id"] == page["items"][0]["signal"]
                 and len(page["items"][0]["id"]) == 16, page)
    report.check("patterns_are_filtered_and_paged", page["items"][0]["count"] == 12
                 and page["next"] is not None, page)
    page = server.get("/api/v1/patterns?source=db&limit=1&cursor=" + quote(page["next"]))[1]
    report.check("the_next_page_of_patterns_is_the_last", page["items"][0]["count"] == 10
                 and page["items"][0]["last_time"] is None and page["next"] is None, page)
    status, page = server.get("/api/v1/sources")
    report.check("sources_come_with_what_watches_them",
                 [(item["source"], item["watch"] and item["watch"]["state"])
                  for item in page["items"]]
                 == [('/var/log/"odd"', "good"), ("torn \\xe2\\x82 \\xff", "good"),
                     ("/var/log/auth.log", "refused")]
                 and page["items"][1]["watch"]["name"] == "http://127.0.0.1:9100/metrics"
                 and page["items"][0]["rows"] == 100 and page["items"][0]["watch"]["lag_s"] == 0.5
                 and page["items"][2]["watch"]["cure"].startswith("usermod"), page)
    status, state = server.get("/api/v1/status")
    report.check("the_status_tells_positions_notes_and_readiness",
                 state["ready"] and state["fold_position"] == 11 and state["caught_up"]
                 and state["notes"][0]["topic"] == "memory" and state["resident_bytes"] > 0, state)
    report.check("the_status_tells_of_the_webhook", state["webhook"] == {
        "sent": 5, "retried": 3, "refused": 2, "dropped": 1, "past": 6, "waiting": 0,
        "trouble": "it answered 500"}, state)
    report.check("secrets_are_counted_by_what_they_are",
                 state["masked"]["email"] == 7 and state["masked"]["card"] == 0, state)


def check_signals(server, report):
    page = server.get("/api/v1/signals?name=cpu")[1]
    report.check("signals_are_filtered_by_the_beginning_of_their_name",
                 [item["series"] for item in page["items"]]
                 == ['cpu{cpu="2"}', 'cpu{a="x,b=\\"1",cpu="0/1"}'], page)
    page = server.get("/api/v1/signals?label=cpu%3D0")[1]
    report.check("signals_are_filtered_by_a_label_and_what_looks_like_one_is_none",
                 [item["series"] for item in page["items"]] == ['cpu{a="x,b=\\"1",cpu="0/1"}']
                 and server.get("/api/v1/signals?label=b")[1]["items"] == [], page)
    path = f"/api/v1/signals/{page['items'][0]['id']}/history?from=1795464000&to=1795468000&step=1m"
    status, history = server.get(path)
    item = history["items"][0]
    report.check("the_id_of_a_signal_leads_to_its_history",
                 status == 200 and history["series"] == 'cpu{a="x,b=\\"1",cpu="0/1"}'
                 and history["step_s"] == 60 and item["time"] == "2026-11-23T20:15:00Z"
                 and item["actual"] == 7 and item["expected"] == 7 and item["surprise"] == 7
                 and history["per_second"] is False, history)
    status, history = server.get("/api/v1/signals/0000000000000001/history"
                                 "?from=1795464000&to=1795468000&step=5m")
    report.check("a_pattern_of_lines_has_a_history_as_series_do",
                 status == 200 and history["series"] == "0000000000000001"
                 and history["items"][0]["expected"] == 7, history)
    status, problem = server.get("/api/v1/signals/ffffffff/history")
    report.check("the_history_of_an_unknown_series_is_not_there",
                 status == 404 and "ffffffff" in problem["detail"], problem)
    status, problem = server.get("/api/v1/signals/ffffffffffffffff/history")
    report.check("the_history_of_an_unknown_pattern_is_not_there",
                 status == 404 and "/api/v1/patterns" in problem["detail"], problem)
    status, history = server.get("/api/v1/patterns/0000000000000001/history"
                                 "?from=2026-11-23T19:00:00Z&to=2026-11-23T21:00:00Z&step=30m")
    report.check("the_history_of_a_pattern_has_every_step",
                 [item["count"] for item in history["items"]] == [0, 0, 7, 0], history)
    status, problem = server.get("/api/v1/patterns/x%27--/history")
    report.check("an_id_that_is_none_never_reaches_sql", status == 404, problem)


def check_models(server, report):
    status, page = server.get("/api/v1/models/credit/features")
    report.check("each_column_of_a_model_has_its_own_steps",
                 status == 200 and [item["feature"] for item in page["items"]] == ["age", "region"]
                 and [len(item["steps"]) for item in page["items"]] == [1, 1]
                 and page["items"][0]["steps"][0]["effect"] == 0, page)
    status, page = server.get("/api/v1/models/credit/quality?metric=auc&version=1")
    report.check("quality_is_filtered_by_its_metric",
                 status == 200 and [item["metric"] for item in page["items"]] == ["auc"]
                 and page["items"][0]["realised"] is None, page)
    status, page = server.get("/api/v1/models/credit/segments")
    report.check("a_group_of_rows_has_its_figures",
                 status == 200 and [item["segment"] for item in page["items"]] == ["sex=f", "sex=m"]
                 and page["items"][0]["state"] == "worse", page)
    status, page = server.get("/api/v1/models/credit/questions?count=2")
    report.check("questions_come_with_what_answers_told",
                 status == 200 and [item["id"] for item in page["items"]] == ["p0", "p1"]
                 and page["estimates"][0]["metric"] == "accuracy", page)
    report.check("a_wrong_count_of_questions_is_400_and_named",
                 *problem_names(server, "/api/v1/models/credit/questions?count=501", "count",
                                "500"))
    for path in ("/api/v1/models/none", "/api/v1/models/none/quality",
                 "/api/v1/models/none/questions", "/api/v1/models/none/calibration",
                 "/api/v1/models/none/segments",
                 "/api/v1/models/credit?version=7", "/api/v1/models/none/features"):
        status, problem = server.get(path)
        report.check(f"{path}_is_404_and_says_where_they_are_listed",
                     status == 404 and "/api/v1/models" in problem["detail"], problem)
    table = "age,y_pred,y_true\n" + "41,1,0\n" * 60
    status, taken = send(server, "/api/v1/models/credit/reference?version=3", table, "text/csv")
    report.check("a_table_is_taken_as_a_reference", status == 200 and taken["accepted"] == 60,
                 taken)
    status, problem = send(server, "/api/v1/models/credit/reference?outcome=paid", table)
    report.check("a_table_without_a_named_column_is_400", status == 400
                 and '"paid"' in problem["detail"], problem)
    for query, body, words in (("since=2h&until=3h", "", "before the parameter until"),
                               ("since=2h", table, "leave out one of them"),
                               ("since=2h&drop=age", "", "drop"), ("until=soon", "", "until")):
        status, problem = send(server, f"/api/v1/models/credit/reference?{query}", body)
        report.check(f"a_reference_of_{query}_is_400", status == 400 and words in problem["detail"],
                     problem)
    report.check("a_wrong_metric_is_400_and_named",
                 *problem_names(server, "/api/v1/models/credit/quality?metric=x", "metric", "auc"))


def check_features(server, report):
    status, page = server.get("/api/v1/features/u1")
    report.check("values_of_an_entity_come_with_their_age",
                 status == 200 and page["features"][0] == {
                     "name": "paid", "value": 12.5, "was_missing": False,
                     "time": page["features"][0]["time"], "age_s": 60}
                 and page["features"][1]["value"] is None, page)
    status, page = server.get("/api/v1/features/u1?names=load")
    report.check("features_are_chosen_by_name",
                 status == 200 and [item["name"] for item in page["features"]] == ["load"], page)
    for name, words in (("pade", "did you mean paid?"), ("x", "/api/v1/features")):
        status, problem = server.get(f"/api/v1/features/u1?names={name}")
        report.check(f"the_feature_{name}_is_404", status == 404 and words in problem["detail"],
                     problem)
    status, page = send(server, "/api/v1/features:read", b'{"entities":["u1","nobody"]}')
    report.check("many_entities_come_in_their_order",
                 status == 200 and [item["entity"] for item in page["items"]] == ["u1", "nobody"]
                 and page["items"][1]["features"][0]["was_missing"] is True, page)
    for body in (b"", b"[]", b'{"entities":[]}', b'{"entities":[1]}', b'{"entity":["u1"]}',
                 b'{"entities":["u1"],"names":"paid"}', b'{"entities":["u1"],"names":[2]}'):
        status, problem = send(server, "/api/v1/features:read", body)
        report.check(f"a_batch_of_{body.decode()}_is_400", status == 400, problem)
    status, problem = send(server, "/api/v1/features:read",
                           b'{"entities":["u1"],"names":["pade"]}')
    report.check("a_batch_with_an_unknown_name_is_404", status == 404, problem)
    status, page = send(server, "/api/v1/events/checkout", b'[{"user":"u1"},{"user":"u2"}]')
    report.check("posted_events_are_counted", status == 200 and page["events"] == 2, page)
    for path, body in (("/api/v1/events/checkout", b"no"), ("/api/v1/events/checkout", b"[1]"),
                       ("/api/v1/events/checkout", b'{"time":"soon"}'),
                       ("/api/v1/events/checkout?source=x", b"{}"),
                       ("/api/v1/events/" + "x" * 129, b"{}")):
        status, problem = send(server, path, body)
        report.check(f"an_event_of_{body.decode()}_at_{path[-12:]}_is_400", status == 400, problem)


def send(server, path, body, kind="application/json"):
    status, _, content = server.ask(path, "POST", body, {"Content-Type": kind})
    return status, json.loads(content)


def check_rows_of_models(server, report):
    status, answer = send(server, "/api/v1/predictions", json.dumps(
        [{"model": "m", "id": 1, "features": {"a": 1}}, {"features": {"a": 1}}]))
    report.check("a_row_that_is_refused_is_told_and_the_others_are_taken",
                 status == 200 and answer["accepted"] == 1 and answer["rejected"] == 1
                 and "row 2" in answer["message"], answer)
    status, answer = send(server, "/api/v1/outcomes", '{"model":"m","id":1,"outcome":true}')
    report.check("an_outcome_is_taken", status == 200 and answer["accepted"] == 1
                 and answer["message"] is None, answer)
    status, answer = send(server, "/api/v1/outcomes", '{"model":"m","id":1}')
    report.check("a_request_of_which_nothing_is_taken_is_400",
                 status == 400 and "outcome" in answer["detail"], answer)
    for name, path, body, kind in (
            ("torn_json", "/api/v1/predictions", "[{", "application/json"),
            ("a_torn_batch", "/api/v1/predictions", b"ODDP\1\1", BATCH),
            ("a_wrong_word", "/api/v1/predictions?reference=maybe", "{}", "application/json"),
            ("a_misspelt_parameter", "/api/v1/outcomes?refrence=yes", "{}", "application/json")):
        status, answer = send(server, path, body, kind)
        report.check(f"{name}_is_400", status == 400 and answer["detail"], answer)
    report.check("a_misspelt_parameter_is_told_with_the_nearest",
                 "perhaps you meant reference" in answer["detail"], answer)


def check_sql(server, report):
    status, _, answer = server.sql("SELECT 1")
    report.check("sql_is_answered_with_columns_and_rows",
                 status == 200 and answer == {"columns": ["asked", "number", "real", "nothing"],
                                              "rows": [["SELECT 1", 2**63 - 1, 0.1, None]]}, answer)
    status, _, answer = server.sql("many 3")
    report.check("an_answer_that_was_cut_says_so",
                 answer["cut"] is True and len(answer["rows"]) == 3)
    status, headers, answer = server.sql("fail Parser Error: near \"x\"")
    report.check("a_wrong_question_is_400_with_the_sentence",
                 status == 400 and answer["detail"] == "Parser Error: near \"x\""
                 and headers["content-type"] == "application/problem+json", answer)
    status, _, answer = server.sql("late")
    report.check("a_question_that_is_late_is_504", status == 504 and "sql.time" in answer["detail"])
    for name, body in (("no_json", "SELECT"), ("an_array", "[]"), ("a_number", '{"sql":1}'),
                       ("an_unknown_member", '{"sql":"x","limit":1}'),
                       ("a_nul", '{"sql":"a\\u0000"}'),
                       ("nothing", ""), ("an_empty_question", '{"sql":""}'),
                       ("a_member_twice", '{"sql":"a","sql":"b"}')):
        status, _, content = server.ask("/api/v1/sql", "POST", body)
        report.check(f"sql_with_{name}_is_400", status == 400 and b"detail" in content, content)


def raw_sql(server, text):
    body = json.dumps({"sql": text})
    peer = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    peer.sendall(f"POST /api/v1/sql HTTP/1.1\r\nHost: localhost\r\n"
                 f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
    return peer


def check_sql_limits(server, report):
    raw_sql(server, "sleep 20").close()
    gone = time.monotonic() + 10
    while server.answer("cancelled") == "0" and time.monotonic() < gone:
        time.sleep(0.05)
    report.check("a_question_ends_when_whoever_asked_goes_away", time.monotonic() < gone)
    peers = [raw_sql(server, "sleep 20") for _ in range(4)]
    time.sleep(0.5)
    status, headers, answer = server.sql("SELECT 1")
    report.check("more_questions_than_may_wait_are_429", status == 429 and "retry-after" in headers,
                 answer)
    report.check("other_answers_come_meanwhile", server.get("/api/v1/findings?limit=1")[0] == 200)
    for peer in peers:
        peer.close()
    gone = time.monotonic() + 10
    while server.sql("SELECT 1")[0] == 429 and time.monotonic() < gone:
        time.sleep(0.05)
    report.check("the_places_are_free_again", time.monotonic() < gone)


class Stream:
    def __init__(self, server, last=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        self.connection.request("GET", "/api/v1/events",
                                headers={"Last-Event-ID": last} if last else {})
        self.response = self.connection.getresponse()

    def event(self):
        fields = {}
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if line == "" and fields:
                return fields
            name, _, value = line.partition(": ")
            fields[name] = fields[name] + "\n" + value if name in fields else value


def check_events(server, report):
    stream = Stream(server)
    headers = {name.lower(): value for name, value in stream.response.getheaders()}
    report.check("events_are_a_stream_that_no_proxy_holds_back",
                 headers["content-type"] == "text/event-stream"
                 and headers["x-accel-buffering"] == "no"
                 and headers["cache-control"] == "no-store", headers)
    greeting = stream.event()
    server.say('tell 1')
    first = stream.event()
    report.check("a_finding_is_told_as_it_comes",
                 greeting == {"retry": "5000"} and first["event"] == "finding"
                 and json.loads(first["data"])["id"] == "f001"
                 and json.loads(first["data"])["time"] == "2026-11-23T20:16:42.5Z",
                 (greeting, first))
    server.say('tell 2')
    again = Stream(server, first["id"])
    again.event()
    second = again.event()
    report.check("last_event_id_goes_on_where_a_connection_was_lost",
                 json.loads(second["data"])["id"] == "f002", second)
    idle = Stream(server, "0000000000000001-0")
    idle.event()
    for i in range(600):
        server.say(f"tell {1000 + i}")
    server.answer("cancelled")
    seen, last = [], ""
    while last != "f1599":
        event = again.event()
        seen.append(event["event"])
        last = json.loads(event["data"]).get("id")
    report.check("who_is_too_slow_is_told_what_was_missed_or_sees_all",
                 ("missed" in seen) != (len(seen) == 600), len(seen))
    event = idle.event()
    report.check("an_id_of_another_run_begins_with_what_is_new",
                 event["event"] == "missed" or json.loads(event["data"])["id"] == "f1000", event)
    for one in (stream, again, idle):
        one.connection.close()


def check_health(server, report):
    for path in ("/livez", "/healthz", "/-/healthy", "/readyz", "/-/ready"):
        status, _, content = server.ask(path)
        report.check(f"{path} answers", status == 200 and content == b"ok\n", content)
    server.say("full")
    server.answer("cancelled")
    status, headers, content = server.ask("/readyz")
    report.check("a_server_without_room_is_not_ready_and_lives",
                 status == 503 and "retry-after" in headers and b"stored" in content
                 and server.ask("/livez")[0] == 200, content)
    server.say("full")
    server.answer("cancelled")
    for health, word in (("behind", b"learnt"), ("failed", b"learning has stopped")):
        server.say(f"live {health}")
        server.answer("cancelled")
        status, headers, content = server.ask("/readyz")
        told = json.loads(server.ask("/api/v1/status")[2])
        report.check(f"a_server_whose_fold_is_{health}_is_not_ready_and_says_so",
                     status == 503 and "retry-after" in headers and word in content
                     and told["ready"] is False and word.decode() in told["reason"], content)
    server.say("live good")
    server.answer("cancelled")
    report.check("a_server_whose_fold_is_well_again_is_ready", server.ask("/readyz")[0] == 200, "")


def families(text):
    """{family: type} and {sample: value} of an exposition, each line checked."""
    types, samples = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            types[name] = kind
        elif not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            samples[name] = float(value)
    return types, samples


def check_metrics(server, report):
    status, headers, content = server.ask("/metrics")
    types, samples = families(content.decode())
    report.check("metrics_are_prometheus_text", status == 200
                 and headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
                 and types["oddball_findings_total"] == "counter"
                 and samples["oddball_findings_total"] == 250
                 and samples["process_resident_memory_bytes"] > 0
                 and samples['oddball_source_rows_total{source="/var/log/\\"odd\\"",kind="plain"}']
                 == 100
                 and samples['oddball_source_rows_total{source="torn \\\\xe2\\\\x82 \\\\xff",'
                             'kind="plain"}'] == 100
                 and samples['oddball_watch_good{kind="files",name="/var/log/auth.log"}'] == 0
                 and samples['oddball_intake_masked_total{kind="email"}'] == 7
                 and samples['oddball_intake_masked_total{kind="rule"}'] == 0
                 and any(name.startswith("oddball_build_info{version=") for name in samples),
                 samples)
    report.check("what_was_posted_is_counted", samples["oddball_webhook_sent_total"] == 5
                 and samples["oddball_webhook_attempts_failed_total"] == 4
                 and samples["oddball_webhook_retried_total"] == 3
                 and samples["oddball_webhook_past_total"] == 6
                 and samples['oddball_webhook_failed_total{reason="refused"}'] == 2
                 and samples['oddball_webhook_failed_total{reason="dropped"}'] == 1, samples)
    known = set(types)
    report.check("every_sample_has_a_family",
                 all(name.split("{")[0] in known for name in samples), samples)
    status, headers, content = server.ask(
        "/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0,*/*;q=0.1"})
    types, samples = families(content.decode())
    report.check("open_metrics_if_asked_for",
                 headers["content-type"].startswith("application/openmetrics-text")
                 and content.endswith(b"# EOF\n") and types["oddball_findings"] == "counter"
                 and samples["oddball_findings_total"] == 250, headers)


def check_openapi(server, report, program):
    status, headers, content = server.ask("/api/openapi.json")
    report.check("the_document_is_the_file", status == 200
                 and content == (ROOT / "doc/openapi.json").read_bytes())
    status, _, empty = server.ask("/api/openapi.json", headers={"If-None-Match": headers["etag"]})
    report.check("who_knows_the_document_is_told_so", status == 304 and empty == b"", status)
    document = json.loads(content)
    written = {(method.upper(), path) for path, item in document["paths"].items()
               for method in item if method in ("get", "post", "put", "delete", "head")}
    routes = {tuple(line.split(" ")) for line in
              subprocess.run([program, "--routes"], stdout=subprocess.PIPE,
                             text=True).stdout.splitlines()}
    # Addresses with any rest, and methods of any name, are no paths of OpenAPI.
    written |= {tuple(line.split(" ")) for line in document["x-handshakes"]}
    report.check("every_route_stands_in_the_document", routes <= written, sorted(routes - written))
    report.check("all_in_the_document_is_a_route", written <= routes, sorted(written - routes))
    names = [item[method].get("operationId") for item in document["paths"].values()
             for method in item if method in ("get", "post", "put", "delete", "head")]
    report.check("every_operation_has_a_name_of_its_own",
                 None not in names and len(names) == len(set(names)), names)


def main():
    program, report = sys.argv[1], Report()
    server = Server(program)
    check_findings(server, report)
    check_wrong_parameters(server, report)
    check_unread_filter(server, report)
    check_lists(server, report)
    check_verdicts(server, report)
    check_signals(server, report)
    check_models(server, report)
    check_features(server, report)
    check_rows_of_models(server, report)
    check_sql(server, report)
    check_sql_limits(server, report)
    check_events(server, report)
    check_health(server, report)
    check_metrics(server, report)
    check_openapi(server, report, program)
    check_schemas(server, report)
    stream = Stream(server)
    begun = time.monotonic()
    report.check("the_server_ends_soon_though_somebody_listens",
                 server.end() == 0 and time.monotonic() - begun < 5)
    stream.connection.close()
    report.finish()


if __name__ == "__main__":
    main()
