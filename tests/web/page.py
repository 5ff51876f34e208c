#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""page.py - the page in a real Chromium, on a real server that town.py filled.

    page.py PROGRAM [WORD]     only the files of tests/web whose name has the word

The server is empty at first; it is filled behind the tests that want it so.

What a browser does stands in *_test.mjs; browser.mjs says its sentences here, and asks for what it
can't do itself: that the server be stopped and started, that it be told something.
"""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import town
from program import Program, free_port
from report import Report

HERE = Path(__file__).resolve().parent


def lacking():
    for name in ("node", "chromium"):
        if shutil.which(name) is None:
            return f"no {name}"
    return None if (HERE / "node_modules/lock.json").exists() else "no playwright-core"


def serve(server, what):
    """One wish of the browser; its answer is a line."""
    if what["do"] == "stop":
        server.stop()
    elif what["do"] == "start":
        server.start()
    elif what["do"] == "many":
        town.many_findings(server, what["number"])
    elif what["do"] == "fill":
        town.fill(server)
    return json.dumps({"done": what["do"]})


def drive(server, report, word):
    folder = tempfile.mkdtemp(prefix="oddball-browser-")
    browser = subprocess.Popen(["node", HERE / "browser.mjs", server.address, folder, word],
                               text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for row in browser.stdout:
        told = json.loads(row)
        if "do" in told:
            browser.stdin.write(serve(server, told) + "\n")
            browser.stdin.flush()
        else:
            report.check(told["name"], told["good"], told["story"])
    report.check("the_browser_came_to_its_end", browser.wait() == 0)
    shutil.rmtree(folder, ignore_errors=True)


def main():
    report, lack = Report(), lacking()
    if lack:
        report.skip("the_page_in_chromium", lack)
        report.finish()
    with Program(sys.argv[1], "--listen", f"127.0.0.1:{free_port()}", *town.FLAGS) as server:
        try:
            drive(server, report, sys.argv[2] if len(sys.argv) > 2 else "")
        except OSError as problem:
            report.check("the_server_stays", False, f"{problem}\n{server.told()}")
    report.finish()


if __name__ == "__main__":
    main()
