#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_prometheus.py - Prometheus writes to the program, and the program scrapes node_exporter and
Prometheus.

    test_prometheus.py PROGRAM
"""
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Other, Program, free_port  # noqa: E402
from report import Report  # noqa: E402

CONFIGURATION = """
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: itself
    static_configs:
      - targets: ["127.0.0.1:{own}"]
remote_write:
  - url: {address}/api/v1/write
    queue_config:
      batch_send_deadline: 1s
"""


def prometheus(folder, port, configuration):
    (folder / "prometheus.yml").write_text(configuration)
    return Other("prometheus", f"--config.file={folder}/prometheus.yml",
                 f"--storage.tsdb.path={folder}/tsdb", f"--web.listen-address=127.0.0.1:{port}")


def remote_write_arrives(report, path):
    name = "what_prometheus_writes_arrives"
    if shutil.which("prometheus") is None:
        report.skip(name, "no prometheus")
        return
    port = free_port()
    with Program(path) as server:
        with prometheus(server.folder, port,
                        CONFIGURATION.format(own=port, address=server.address)) as other:
            row = server.wait("SELECT count(*), count(DISTINCT series) FROM samples WHERE "
                              "series LIKE '%job=\"itself\"%'",
                              lambda row: row[0] > 500 and row[1] > 100)
            report.check(name, isinstance(row, list) and row[0] > 500 and row[1] > 100,
                         f"{row}\n{other.story()}")
            row = server.wait("SELECT max(value) FROM samples WHERE series LIKE 'up{%'",
                              lambda row: row[0] == 1)
            report.check("its_values_are_right", row == [1], f"{row}")
            samples = server.rows("SELECT count(*) FROM (SELECT series, time FROM samples GROUP BY "
                                  "series, time HAVING count(*) > 1)")
            report.check("no_sample_comes_twice", samples == [[0]], f"{samples}")


def scrape_arrives(report, path):
    name = "node_exporter_is_scraped"
    if shutil.which("prometheus-node-exporter") is None:
        report.skip(name, "no prometheus-node-exporter")
        return
    port = free_port()
    with Other("prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{port}") as exporter, \
            Program(path, "--scrape", f"http://127.0.0.1:{port}/metrics", "--scrape-interval",
                    "1s") as server:
        source = f"scrape/127.0.0.1:{port}"
        row = server.wait(f"SELECT count(DISTINCT series) FROM samples WHERE source = '{source}'",
                          lambda row: row[0] > 200)
        report.check(name, isinstance(row, list) and row[0] > 200, f"{row}\n{exporter.story()}")
        for series in ("up", "scrape_duration_seconds", "node_load1", "node_memory_MemTotal_bytes"):
            row = server.wait(f"SELECT count(*) FROM samples WHERE source = '{source}' AND "
                              f"series LIKE '{series}{{%'", lambda row: row[0] > 0)
            report.check(f"{series}_is_there", isinstance(row, list) and row[0] > 0, f"{row}")


def host_agrees(report, path):
    """Our own metrics of this machine, beside those of node_exporter."""
    name = "our_metrics_of_this_machine_agree_with_node_exporter"
    if shutil.which("prometheus-node-exporter") is None:
        report.skip(name, "no prometheus-node-exporter")
        return
    port = free_port()
    with Other("prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{port}"):
        with Program(path, "--scrape", f"http://127.0.0.1:{port}/metrics", "--scrape-interval",
                     "1s", "--host", "--host-interval", "1s") as server:
            server.wait("SELECT count(*) FROM samples WHERE source LIKE 'scrape/%'",
                        lambda row: row[0] > 0)
            time.sleep(2)
            for metric in ("node_memory_MemTotal_bytes", "node_boot_time_seconds"):
                rows = server.rows(f"SELECT DISTINCT round(value) FROM samples WHERE series = "
                                   f"'{metric}' OR series LIKE '{metric}{{%'")
                sources = server.rows(f"SELECT count(DISTINCT source) FROM samples WHERE series = "
                                      f"'{metric}' OR series LIKE '{metric}{{%'")
                report.check(f"{name}: {metric}", len(rows) == 1 and sources == [[2]],
                             f"{rows} {sources}")


def main():
    report = Report()
    for test in (remote_write_arrives, scrape_arrives, host_agrees):
        test(report, sys.argv[1])
    report.finish()


if __name__ == "__main__":
    main()
