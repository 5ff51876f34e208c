#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""series.py - metrics in a server from outside: written as Prometheus does, watched, told.

    series.py PROGRAM
"""
import json
import random
import sys
import time
import urllib.error
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import remote_write  # noqa: E402
from program import Program  # noqa: E402
from report import Report  # noqa: E402

SEED = 7
STEP_S = 15
HOURS = 6


def findings(server):
    return json.loads(server.ask("/api/v1/findings?limit=1000"))["items"]


def queues(rng, count, begin, steps, shift=None):
    """Lengths of queues, a sample each STEP_S.  shift: (number, step) from where one is longer."""
    for number in range(count):
        labels = {"__name__": "queue_length", "queue": f"q{number}", "job": "mail"}
        samples = []
        for step in range(steps):
            value = rng.gauss(100 + 10 * number, 5)
            if shift is not None and number == shift[0] and step >= shift[1]:
                value += 300
            samples.append(((begin + step * STEP_S) * 1000, round(value, 1)))
        yield labels, samples


def write(server, all_series):
    """An hour of all series in a request, as a sender does that was away."""
    all_series = list(all_series)
    hour = 3600 // STEP_S
    for at in range(0, max(len(samples) for _, samples in all_series), hour):
        part = [(labels, samples[at:at + hour]) for labels, samples in all_series]
        server.ask("/api/v1/write", remote_write.body(part), **remote_write.HEADERS)
    time.sleep(1.5)
    server.learnt(20)


def a_shift_is_found(report, path):
    rng = random.Random(SEED)
    steps = HOURS * 3600 // STEP_S
    begin = int(time.time()) - HOURS * 3600
    at = steps - 40
    with Program(path) as server:
        write(server, queues(rng, 20, begin, steps, shift=(7, at)))
        told = findings(server)
        good = [item for item in told if item["pattern"] ==
                'queue_length{job="mail",queue="q7"}' and item["kind"] in ("high", "level")]
        report.check("a_level_that_shifts_is_one_finding", len(good) == 1 and len(told) <= 3,
                     json.dumps(told, indent=1))


def host(rng, begin, steps, busy_from):
    """Metrics as of a machine; its disk is busy from a step on."""
    kinds = []
    for device in ("sda", "sdb"):
        for name, mean in (("io_time_seconds", 0.05), ("read_bytes", 2e6), ("written_bytes", 5e5)):
            kinds.append((f"node_disk_{name}_total", {"device": device}, mean, True))
    for cpu in range(2):
        for mode, mean in (("user", 0.2), ("system", 0.1), ("iowait", 0.01), ("idle", 0.69)):
            kinds.append(("node_cpu_seconds_total", {"cpu": str(cpu), "mode": mode}, mean, True))
    kinds += [("node_memory_MemTotal_bytes", {}, 2**33, False),
              ("node_memory_MemAvailable_bytes", {}, 3e9, False),
              ("node_load1", {}, 0.7, False)]
    for name, labels, mean, counts in kinds:
        samples, total, level = [], 1e6 * mean, 0.0
        for step in range(steps):
            level += rng.gauss(0, 0.05) - 0.1 * level
            value = mean * max(1 + level, 0.05)
            if name == "node_memory_MemTotal_bytes":
                value = mean
            if step >= busy_from and labels.get("device") == "sda" and "io_time" in name:
                value = 0.9
            total += value * STEP_S
            samples.append(((begin + step * STEP_S) * 1000, total if counts else value))
        yield {"__name__": name, "instance": "db-1:9100", "job": "node", **labels}, samples


def a_busy_disk_is_told_in_words(report, path):
    rng = random.Random(SEED)
    steps = 12 * 3600 // STEP_S
    begin = int(time.time()) - steps * STEP_S
    at = steps - 60
    with Program(path) as server:
        write(server, host(rng, begin, steps, at))
        told = findings(server)
        disk = [item for item in told if item["sentence"].startswith(
            "disk sda on db-1:9100 is ") and "x busier than usual" in item["sentence"]]
        report.check("a_busy_disk_is_told_in_words", len(disk) == 1 and len(told) <= 5 and
                     " %, expected " in disk[0]["sentence"], json.dumps(told, indent=1))
        signals = json.loads(server.ask("/api/v1/signals?name=node_disk_io_time"))["items"]
        sda = next(item for item in signals if 'device="sda"' in item["series"])
        report.check("a_counter_is_taken_for_one", sda["class"] == "counter" and sda["watched"],
                     sda)
        ranked = json.loads(server.ask(f"/api/v1/signals:rank?from={begin + at * STEP_S}"
                                       f"&to={begin + steps * STEP_S}&limit=3"))["items"]
        report.check("a_window_as_the_question_is_answered_by_the_disk",
                     len(ranked) == 3 and ranked[0]["signal"] == sda["series"]
                     and ranked[0]["rise"] > 2 * ranked[1]["rise"]
                     and ranked[0]["surprise"] > ranked[0]["before"], ranked)
        history = json.loads(server.ask(f"/api/v1/signals/{sda['id']}/history?step=15m"
                                        f"&from={begin}&to={begin + steps * STEP_S}"))
        items = history["items"]
        before, after = items[len(items) // 2], items[-1]
        report.check("its_history_has_what_was_expected_and_the_oddest_surprise",
                     history["per_second"] and history["class"] == "counter" and
                     before["lower"] < before["actual"] < before["upper"] and
                     abs(before["expected"] - 0.05) < 0.05 and before["surprise"] < 4 and
                     abs(after["actual"] - 0.9) < 0.05 and
                     max(item["surprise"] or 0 for item in items[-5:]) > 4,
                     json.dumps(items[-10:], indent=1))
        again = json.loads(server.ask(f"/api/v1/signals/{sda['id']}/history?step=15m"
                                      f"&from={begin}&to={begin + steps * STEP_S}"))
        server.kill()
        server.start()
        server.learnt(20)
        later = json.loads(server.ask(f"/api/v1/signals/{sda['id']}/history?step=15m"
                                      f"&from={begin}&to={begin + steps * STEP_S}"))
        report.check("a_past_value_never_changes", again == history and later == history)
        exposition = server.ask("/metrics").decode()
        report.check("counters_tell_what_is_watched",
                     'oddball_source_watched_series{source="prometheus:node",kind="samples"} 17' in
                     exposition and "oddball_source_judged_samples_total{" in exposition,
                     "\n".join(row for row in exposition.split("\n") if "series" in row))


def refused(server, path):
    try:
        server.ask(path)
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read().decode()
    return 200, ""


def rates_of_patterns_are_series_too(report, path):
    """Three hours of a log: ten lines a minute, and near its end two hundred in one."""
    rng = random.Random(SEED)
    minutes, burst = 180, 170
    begin = (int(time.time()) - minutes * 60) // 60 * 60
    lines = []
    for minute in range(minutes):
        count = 200 if minute == burst else 8 + rng.randrange(5)
        for i in range(count):
            stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(begin + minute * 60 +
                                                                   i * 60 // count))
            lines.append(f"{stamp}Z INFO shelf {rng.randrange(900)} was counted\n")
    with Program(path) as server:
        for at in range(0, len(lines), 500):
            server.ask("/ingest?source=store.log", "".join(lines[at:at + 500]).encode())
        time.sleep(1.5)
        server.learnt(20)
        pattern = json.loads(server.ask("/api/v1/patterns"))["items"][0]["id"]
        span = f"&from={begin}&to={begin + minutes * 60}"
        history = json.loads(server.ask(f"/api/v1/signals/{pattern}/history?step=1m{span}"))
        items = history["items"]
        usual, odd = items[burst - 1], items[burst]
        report.check("a_pattern_has_its_rate_a_minute_beside_what_was_expected",
                     history["class"] == "count" and not history["per_second"] and
                     8 <= usual["actual"] <= 12 and 8 < usual["expected"] < 12 and
                     usual["lower"] < usual["actual"] < usual["upper"] and
                     usual["surprise"] < 3 and usual["samples"] == 1, json.dumps(usual))
        report.check("a_burst_is_above_the_bounds_and_odd",
                     odd["actual"] == 200 and odd["actual"] > odd["upper"] and
                     odd["surprise"] >= 3, json.dumps(odd))
        hours = json.loads(server.ask(f"/api/v1/signals/{pattern}/history?step=1h{span}"))["items"]
        report.check("longer_steps_are_means_of_minutes",
                     all(8 <= item["actual"] <= 12 and item["max"] <= 12 for item in hours[:2]) and
                     8 <= hours[-1]["actual"] <= 30 and
                     max(item["max"] for item in hours) == 200, json.dumps(hours))
        for unknown in ("0123456789abcdef", "no_such_series"):
            status, problem = refused(server, f"/api/v1/signals/{unknown}/history")
            report.check(f"the_history_of_{unknown}_is_not_there",
                         status == 404 and unknown in problem, problem)


def main():
    report = Report()
    path = sys.argv[1]
    rates_of_patterns_are_series_too(report, path)
    a_shift_is_found(report, path)
    a_busy_disk_is_told_in_words(report, path)
    report.finish()


if __name__ == "__main__":
    main()
