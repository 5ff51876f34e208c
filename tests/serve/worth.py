#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""worth.py - what the alarms of a server were worth: by REST, as text, JSON and a page.

    worth.py PROGRAM
"""
import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from planted import service_log  # noqa: E402
from program import Program  # noqa: E402
from recorder import waits  # noqa: E402
from report import Report  # noqa: E402

SEED = 7
SPAN = ("--since", "2026-11-20", "--until", "2026-11-21")
QUERY = "?since=2026-11-20&until=2026-11-21"


def reported(server):
    return json.loads(server.ask("/api/v1/report" + QUERY))


def said(server, *words):
    done = server.run(*words)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def of_source(answer, name):
    return next(item for item in answer["sources"] if item["source"] == name)


def before_anybody_says_anything(report, server):
    answer = reported(server)
    report.check("nothing_said_is_no_precision",
                 answer["all"]["precision"] is None and answer["all"]["findings"] > 1, answer)
    source = of_source(answer, "web.log")
    report.check("a_source_has_what_it_costs",
                 source["lines"] > 30000 and source["bytes"] > 10 ** 6 and
                 source["share_of_work"] == 1, source)
    report.check("nobody_is_told", answer["pages"]["sent_since_start"] is None, answer["pages"])
    status, text, problem = said(server, "report", *SPAN)
    report.check("and_says_so_in_text", status == 0 and "nobody said anything" in text and
                 "Nobody is told" in text, (text, problem))


def the_cure_does_what_it_says(report, server):
    noisy = reported(server)["noisiest"][0]
    command = noisy["cure"].split()
    status, text, problem = said(server, *command[1:])
    report.check("the_command_of_the_cure_works", status == 0, (text, problem))
    waits(lambda: of_source(reported(server), "web.log")["held_back"])
    answer = reported(server)
    report.check("it_hides_as_many_as_was_said",
                 answer["all"]["held_back"] == noisy["would_hide"] and
                 [item["hid"] for item in answer["hiding"]] == [noisy["would_hide"]],
                 (noisy, answer))
    report.check("what_is_cured_is_noisy_no_more",
                 noisy["signal"] not in [item["signal"] for item in answer["noisiest"]], answer)
    items = json.loads(server.ask("/api/v1/findings?state=shown&limit=1000"))["items"]
    said(server, "mark", items[0]["id"], "real")
    waits(lambda: reported(server)["all"]["real"])
    source = of_source(reported(server), "web.log")
    report.check("precision_is_real_of_all_that_was_said",
                 source["precision"] == source["real"] / (source["real"] + source["expected"]) and
                 source["real"] >= 1, source)


def every_form_tells_it(report, server):
    answer = reported(server)
    status, text, problem = said(server, "report", *SPAN)
    report.check("the_text_tells_who_hid_what", status == 0 and answer["hiding"][0]["id"] in text
                 and "web.log" in text and "% (" in text, (text, problem))
    status, text, problem = said(server, "report", *SPAN, "--format", "json")
    report.check("json_is_what_the_server_says", status == 0 and json.loads(text) == answer, text)
    status, text, problem = said(server, "report", *SPAN, "--format", "html")
    report.check("the_page_needs_nothing_else", status == 0 and text.startswith("<!doctype html>")
                 and "</html>" in text and "http" not in text and "<script" not in text, text)
    for words in (("x",), ("--format", "csv")):
        status, text, problem = said(server, "report", *words)
        report.check(f"report_{words[-1]}_is_an_error", (status, text) == (2, "") and problem,
                     (text, problem))


def main():
    report = Report()
    with Program(sys.argv[1]) as server:
        log = service_log(random.Random(SEED), 180, "disk sda is gone", 30)
        server.ask("/ingest?source=web.log", log)
        waits(lambda: len(json.loads(server.ask("/api/v1/findings"))["items"]) > 1)
        server.learnt()
        before_anybody_says_anything(report, server)
        the_cure_does_what_it_says(report, server)
        every_form_tells_it(report, server)
    report.finish()


if __name__ == "__main__":
    main()
