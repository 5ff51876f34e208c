# SPDX-License-Identifier: Apache-2.0
"""rest_verdicts.py - for rest.py: what people and rules say of findings."""
import json

import schema


def say(server, body, path="/api/v1/verdicts", method="POST"):
    status, _, content = server.ask(path, method, json.dumps(body) if body is not None else None)
    return status, json.loads(content)


def check_questions(server, report, document):
    status, answer = server.get("/api/v1/questions")
    wrong = schema.faults(document, {"$ref": "#/components/schemas/Questions"}, answer)
    report.check("questions_are_answered_as_the_document_says", status == 200 and not wrong,
                 "\n".join(wrong))
    report.check("a_question_has_others_like_it",
                 [one["id"] for one in answer["items"][0]["examples"]] == ["f005", "f006"]
                 and answer["items"][0]["examples"][1]["sentence"] == "So is this."
                 and answer["items"][1]["examples"] == []
                 and answer["precision"]["estimate"] == 0.25, answer)
    report.check("as_many_questions_as_are_asked_for",
                 len(server.get("/api/v1/questions?count=1")[1]["items"]) == 1)
    for words in ("count=0", "count=21", "cuont=1"):
        status, problem = server.get(f"/api/v1/questions?{words}")
        report.check(f"questions_with_{words}_are_refused",
                     status == 400 and "count" in problem["detail"], problem)


def check_verdicts(server, report):
    document = server.get("/api/openapi.json")[1]
    status, page = server.get("/api/v1/verdicts")
    item = page["items"][0]
    report.check("what_was_said_is_listed", status == 200 and item["id"] == "disks"
                 and item["until"] is None and item["hidden"] == 1 and item["author"] is None, page)
    status, tried = say(server, {"verdict": "expected", "finding": "f003", "reason": "a test"},
                        "/api/v1/verdicts:test")
    report.check("what_it_would_have_done_is_told_before_it_is_said",
                 status == 200 and tried["items"][0]["hidden"] == 13, tried)
    status, answer = say(server, {"verdict": "expected", "finding": "f003", "reason": "a test"})
    report.check("then_it_is_durable_under_the_same_id", status == 201
                 and answer["items"][0]["id"] == tried["items"][0]["id"]
                 and answer["position"] > 0, answer)
    wrong = schema.faults(document, {"$ref": "#/components/schemas/VerdictsSaid"}, answer)
    report.check("a_verdict_is_answered_as_the_document_says", not wrong, "\n".join(wrong))
    ids = {say(server, {"verdict": "mute", "finding": "f003", "scope": scope},
               "/api/v1/verdicts:test")[1]["items"][0]["id"]
           for scope in ("this", "signal", "like", "source", "everywhere")}
    report.check("each_scope_is_another_rule", len(ids) == 5, ids)
    status, answer = say(server, [{"verdict": "mute", "source": "a"},
                                  {"verdict": "window", "source": "b", "until": "2026-12-24"}])
    report.check("several_are_said_at_once", status == 201 and len(answer["items"]) == 2, answer)
    for name, body, status, word in (
            ("of_no_finding", {"verdict": "real", "finding": "nothing"}, 404, "nothing"),
            ("without_a_word", {"finding": "f003"}, 400, "unsure"),
            ("mistyped", {"verdict": "mute", "sorce": "a"}, 400, "sorce"),
            ("of_an_unknown_kind", {"verdict": "mute", "kind": "brust"}, 400, "burst?"),
            ("of_everything", {"verdict": "mute"}, 400, "names nothing"),
            ("of_a_wrong_scope", {"verdict": "mute", "finding": "f003", "scope": "all"}, 400,
             "everywhere"),
            ("that_is_none", 7, 400, "object")):
        got, problem = say(server, body)
        report.check(f"a_verdict_{name}_is_{status}",
                     got == status and word in problem["detail"], problem)
    status, answer = say(server, None, "/api/v1/verdicts/disks", "DELETE")
    report.check("one_is_undone", status == 200 and answer["undone"] == "disks", answer)
    status, problem = say(server, None, "/api/v1/verdicts/nothing", "DELETE")
    report.check("an_unknown_one_is_not_undone", status == 404, problem)
    status, story = server.get("/api/v1/findings/f007/explain")
    report.check("a_finding_is_explained_with_who_says_what_of_it",
                 status == 200 and story["finding"]["id"] == "f007"
                 and story["evidence"] == {"seen": 3, "expected": None}
                 and [(v["does"], v["id"]) for v in story["verdicts"]] == [("hides", "disks")],
                 story)
    check_questions(server, report, document)
    server.say("full")
    status, problem = say(server, {"verdict": "mute", "source": "a"})
    report.check("a_verdict_that_is_not_durable_is_refused", status == 429, problem)
    server.say("full")
