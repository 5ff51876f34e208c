#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""logmaker.py - logs of a small web shop that never was, with known truth, from one seed.

    logmaker.py KIND FILE [--rows N] [--seed N] [--inject WHAT,...]

KIND     syslog, json, logfmt, or app (a header of its own, and stack traces)
WHAT     new-error   one line of a kind that never was before
         burst       a usually rare line 200 times within ten seconds
         silence     a heartbeat that comes every ten seconds stays away for a tenth of the time
         new-value   a place that had three values has a fourth, once
         lost-end    a session that is opened and used and never closed

Writes FILE and, beside it, FILE.truth.json: a list of {"what", "first_row", "last_row", "text"},
rows counted from 1.  For silence these are the last row before and the first after; for lost-end
the first and last row of the session.

Chance comes from random.Random(seed).random() alone: Python promises its values for ever.
"""
import argparse
import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

BEGIN = datetime(2026, 11, 23, 6, 0, 0, tzinfo=timezone.utc)
ROWS_PER_S = 5
HEARTBEAT_S = 10
BURST_COUNT, BURST_S = 200, 10
KINDS = ("syslog", "json", "logfmt", "app")
WHATS = ("new-error", "burst", "silence", "new-value", "lost-end")

USERS = ("alice", "bob", "carol", "dave", "erin", "frank")
REGIONS = ("eu-1", "us-1", "ap-1")
TABLES = ("orders", "items", "customers", "stock")
PATHS = ("/", "/cart", "/login", "/api/v1/items", "/api/v1/orders", "/static/app.js")

# Weight, level, component, text.  A name in braces is a place; see Shop.fill.
STEADY = (
    (40, "INFO", "web", "GET {path} from {ip} answered 200 in {ms} ms"),
    (10, "INFO", "web", "POST {path} from {ip} answered 201 in {ms} ms"),
    (4, "WARN", "web", "GET {path} from {ip} answered 404 in {ms} ms"),
    (12, "DEBUG", "cache", "region {region} refreshed, {num} keys kept"),
    (8, "INFO", "mail", "message {id} queued for {user}@example.org"),
    (6, "INFO", "auth", "login of user {user} by key from {ip} port {num}"),
    (3, "INFO", "disk", "wrote {num} bytes to /var/lib/shop/{table}.db"),
    (2, "WARN", "db", "slow query on {table}: {ms} ms"),
    (0.3, "WARN", "pool", "no connection free, waiting {ms} ms"),
    (0.2, "ERROR", "web", "request {id} failed: cannot parse the answer of {ip}"),
)
SESSION = ("session {id} opened for {user}", "session {id} reads {table}",
           "session {id} writes {table}", "session {id} closed after {ms} ms")
SESSION_WEIGHT = 5
TRACE = ("java.io.IOException: unexpected end of stream",
         "\tat shop.http.Client.read(Client.java:{a})",
         "\tat shop.web.Proxy.forward(Proxy.java:88)",
         "\tat java.lang.Thread.run(Thread.java:829)")
FAILING = ("ERROR", "disk", "device sda1 is failing: 7 sectors lost")


class Shop:
    """What happens: a list of (time, level, component, message, tag), in order of time."""

    def __init__(self, rows, seed, inject):
        self.random = random.Random(seed).random
        self.end_s = rows / ROWS_PER_S
        self.inject = inject
        self.events = []

    def pick(self, choices):
        return choices[int(self.random() * len(choices))]

    def number(self, low, high):
        return low + int(self.random() * (high - low))

    def id(self):
        return f"{self.number(0, 1 << 32):08x}"

    def fill(self, text, **fixed):
        places = {"path": self.pick(PATHS), "user": self.pick(USERS), "table": self.pick(TABLES),
                  "region": self.pick(REGIONS), "id": self.id(), "num": self.number(100, 90000),
                  "ms": self.number(1, 400),
                  "ip": f"10.0.{self.number(0, 4)}.{self.number(1, 255)}"}
        return text.format(**{**places, **fixed})

    def say(self, at_s, level, component, message, tag=None):
        self.events.append((at_s, level, component, message, tag))

    def session(self, at_s, closes=True, tag=None):
        fixed = {"id": self.id(), "user": self.pick(USERS)}
        middle = [self.pick(SESSION[1:3]) for _ in range(self.number(1, 4))]
        for text in [SESSION[0], *middle] + ([SESSION[3]] if closes else []):
            self.say(at_s, "INFO", "db", self.fill(text, **fixed), tag)
            at_s += 0.1 + self.random()

    def live(self):
        """The steady state: heartbeats by the clock, all else by chance."""
        quiet = (self.end_s * 0.6, self.end_s * 0.7) if "silence" in self.inject else (0, 0)
        for beat in range(int(self.end_s / HEARTBEAT_S)):
            at_s = beat * HEARTBEAT_S + 0.5
            if not quiet[0] <= at_s < quiet[1]:
                self.say(at_s, "INFO", "heart", f"node {beat % 3} is well", "heartbeat")
        total = sum(row[0] for row in STEADY) + SESSION_WEIGHT
        at_s = 0.0
        while at_s < self.end_s:
            at_s += self.random() * 2 / ROWS_PER_S * 1.25  # A session says several lines.
            chance = self.random() * total
            for weight, level, component, text in STEADY:
                chance -= weight
                if chance < 0:
                    self.say(at_s, level, component, self.fill(text))
                    break
            else:
                self.session(at_s)

    def disturb(self):
        """The odd things asked for, each at its own moment of the second half."""
        if "new-error" in self.inject:
            self.say(self.end_s * 0.75, *FAILING, "new-error")
        if "burst" in self.inject:
            for n in range(BURST_COUNT):
                self.say(self.end_s * 0.8 + n * BURST_S / BURST_COUNT, "WARN", "pool",
                         self.fill("no connection free, waiting {ms} ms"), "burst")
        if "new-value" in self.inject:
            self.say(self.end_s * 0.85, "DEBUG", "cache",
                     self.fill("region {region} refreshed, {num} keys kept", region="xx-9"),
                     "new-value")
        if "lost-end" in self.inject:
            self.session(self.end_s * 0.9, closes=False, tag="lost-end")

    def history(self):
        self.live()
        self.disturb()
        return sorted(self.events, key=lambda event: event[0])


def stamp(at_s, spelling):
    return (BEGIN + timedelta(milliseconds=round(at_s * 1000))).strftime(spelling)


def render(kind, event):
    """The physical lines of one event."""
    at_s, level, component, message, _ = event
    if kind == "syslog":
        return [f"{stamp(at_s, '%b %e %H:%M:%S')} shop-1 {component}[{1000 + len(component)}]: "
                f"{message}"]
    time = stamp(at_s, "%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    if kind == "json":
        return [json.dumps({"time": time, "level": level.lower(), "service": component,
                            "message": message})]
    if kind == "logfmt":
        return [f'ts={time} level={level.lower()} service={component} msg="{message}"']
    lines = [f"{stamp(at_s, '%Y-%m-%d %H:%M:%S,%f')[:-3]} {level:5} [{component}] {message}"]
    if "cannot parse" in message:
        lines += [row.format(a=len(message)) for row in TRACE]
    return lines


def truth_of(spans, silence):
    """spans: {tag: [(row, text), ...]}.  What was injected, as rows."""
    truth = []
    for what, rows in spans.items():
        if what != "heartbeat":
            truth.append({"what": what, "first_row": rows[0][0], "last_row": rows[-1][0],
                          "text": rows[0][1]})
    if silence:
        beats = spans["heartbeat"]
        gap = max(range(1, len(beats)), key=lambda n: beats[n][2] - beats[n - 1][2])
        truth.append({"what": "silence", "first_row": beats[gap - 1][0],
                      "last_row": beats[gap][0], "text": beats[gap][1]})
    return sorted(truth, key=lambda row: row["first_row"])


def make(kind, rows, seed, inject=()):
    """(lines, truth): about `rows` lines of this kind."""
    lines, spans = [], {}
    for event in Shop(rows, seed, inject).history():
        if event[4] is not None:
            spans.setdefault(event[4], []).append((len(lines) + 1, event[3], event[0]))
        lines += render(kind, event)
    return lines, truth_of(spans, "silence" in inject)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inject", default="", help="of " + ", ".join(WHATS))
    given = parser.parse_args()
    inject = tuple(word for word in given.inject.split(",") if word)
    unknown = set(inject) - set(WHATS)
    if unknown:
        parser.error(f"--inject knows {', '.join(WHATS)}; not {', '.join(sorted(unknown))}")
    lines, truth = make(given.kind, given.rows, given.seed, inject)
    given.file.write_text("\n".join(lines) + "\n")
    Path(f"{given.file}.truth.json").write_text(json.dumps(truth, indent=1) + "\n")


if __name__ == "__main__":
    main()
