#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""golden.py - the made-up night in every form: as expected to the byte, and harmless.

    golden.py SHOW [--bless]    SHOW prints a form; --bless rewrites expect/; read the diff
"""
import csv
import difflib
import html.parser
import io
import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))
from report import Report  # noqa: E402

FORMS = ("scan.txt", "scan-ascii.txt", "scan-wide.txt", "scan-color.txt", "scan-calm.txt",
         "diff.txt", "diff-calm.txt", "scan.json", "scan-calm.json", "diff.json", "scan.csv",
         "scan.html", "scan-calm.html", "diff.html")
COLOUR = re.compile(r"\x1b\[[0-9]*m")
HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class Page(html.parser.HTMLParser):
    """Collects what a page must not have."""
    def __init__(self):
        super().__init__()
        self.found, self.open, self.policy = [], [], ""

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "img", "link", "iframe", "object", "embed", "base", "form"):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("src", "srcset"):
                self.found.append(name)
            if name == "href" and not value.startswith("#"):
                self.found.append(value)
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"]
        if tag not in ("meta", "rect", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        if tag != "rect":
            self.found.append(tag + "/")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.found.append("/" + tag)


def printed(show, form):
    return subprocess.run([show, form], stdout=subprocess.PIPE, check=True, timeout=60).stdout


def check_page(report, form, text):
    page = Page()
    page.feed(text)
    report.check(f"{form}_asks_for_nothing_and_runs_nothing", not page.found, page.found)
    report.check(f"{form}_closes_what_it_opens", not page.open, page.open)
    report.check(f"{form}_forbids_itself_to_load", page.policy.startswith("default-src 'none'"))
    report.check(f"{form}_names_no_other_place", "http:" not in text and "https:" not in text)


def check_table(report, form, text):
    rows = list(csv.reader(io.StringIO(text), strict=True))
    report.check(f"{form}_is_a_table", len(rows) == 4 and len({len(row) for row in rows}) == 1)


def main():
    show, report = sys.argv[1], Report()
    for form in FORMS:
        got = printed(show, form)
        path = HERE / "expect" / form
        if "--bless" in sys.argv:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(got)
        text = got.decode()  # Valid UTF-8, or this raises.
        wanted = path.read_text() if path.exists() else ""
        report.check(f"{form}_is_as_expected", text == wanted,
                     "\n".join(difflib.unified_diff(wanted.split("\n"), text.split("\n"),
                                                    lineterm="")))
        report.check(f"{form}_is_harmless", not HARMFUL.search(COLOUR.sub("", text)))
        if form.endswith(".json"):
            findings = json.loads(text)["findings"]
            report.check(f"{form}_has_its_findings", len(findings) == (0 if "calm" in form else 3))
        elif form.endswith(".csv"):
            check_table(report, form, text)
        elif form.endswith(".html"):
            check_page(report, form, text)
        else:
            width = 120 if "wide" in form else 80
            longest = max(len(line) for line in COLOUR.sub("", text).split("\n"))
            report.check(f"{form}_fits_its_width", longest <= width, longest)
    report.finish()


if __name__ == "__main__":
    main()
