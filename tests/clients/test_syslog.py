#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_syslog.py - rsyslog and logger send to the program: TCP with counted octets, TCP by lines,
UDP, and TLS.

    test_syslog.py PROGRAM
"""
import shutil
import socket
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Other, Program, free_port  # noqa: E402
from report import Report  # noqa: E402

COUNT = 2000
RSYSLOGD = "/usr/sbin/rsyslogd"

FORWARD = """
global(workDirectory="{folder}" preserveFQDN="on" localHostname="sender1.example")
module(load="imfile" pollingInterval="1")
input(type="imfile" File="{folder}/in.log" Tag="made:" Facility="local3" ruleset="send")
ruleset(name="send") {{
  action(type="omfwd" Target="127.0.0.1" Port="{counted}" Protocol="tcp"
         TCP_Framing="octet-counted" Template="RSYSLOG_SyslogProtocol23Format")
  action(type="omfwd" Target="127.0.0.1" Port="{lines}" Protocol="tcp"
         Template="RSYSLOG_TraditionalForwardFormat")
  action(type="omfwd" Target="127.0.0.1" Port="{udp}" Protocol="udp"
         Template="RSYSLOG_ForwardFormat")
}}
"""


def count_of(server, text):
    row = server.wait(f"SELECT count(*) FROM logs WHERE source = 'syslog:sender1.example' AND "
                      f"text LIKE '%{text}%'", lambda row: row[0] >= 3 * COUNT)
    return row[0] if isinstance(row, list) else row


def rsyslog_arrives(report, path):
    name = "what_rsyslog_forwards_arrives_by_each_way"
    if shutil.which(RSYSLOGD) is None:
        report.skip(name, "no rsyslogd")
        return
    port, udp = free_port(), free_port(socket.SOCK_DGRAM)
    with Program(path, "--syslog-tcp", f"127.0.0.1:{port}", "--syslog-udp",
                 f"127.0.0.1:{udp}") as server:
        folder = server.folder / "rsyslog"
        folder.mkdir()
        (folder / "rsyslog.conf").write_text(
            FORWARD.format(folder=folder, counted=port, lines=port, udp=udp))
        (folder / "in.log").write_text("".join(f"line {n} of many\n" for n in range(COUNT)))
        with Other(RSYSLOGD, "-n", "-f", str(folder / "rsyslog.conf"), "-i",
                   str(folder / "pid")) as rsyslog:
            got = count_of(server, "of many")
            report.check(name, got == 3 * COUNT, f"{got} of {3 * COUNT}\n{rsyslog.story()}")
            row = server.rows("SELECT min(text) FROM logs WHERE text LIKE '%line 0 of many%'")
            report.check("its_lines_are_whole", "made" in str(row), f"{row}")


def logger_arrives(report, path):
    name = "what_logger_sends_arrives_by_each_way"
    if shutil.which("logger") is None:
        report.skip(name, "no logger")
        return
    port, udp = free_port(), free_port(socket.SOCK_DGRAM)
    ways = (("--tcp", "--octet-count", "--rfc5424"), ("--tcp", "--rfc3164"),
            ("--udp", "--rfc5424"), ("--udp", "--rfc3164"))
    with Program(path, "--syslog-tcp", f"127.0.0.1:{port}", "--syslog-udp",
                 f"127.0.0.1:{udp}") as server:
        for number, way in enumerate(ways):
            where = port if way[0] == "--tcp" else udp
            subprocess.run(["logger", *way, "--server", "127.0.0.1", "--port", str(where), "-t",
                            "tester", "-p", "auth.err", f"greeting number {number}"], check=True)
        row = server.wait("SELECT count(*) FROM logs WHERE text LIKE '%greeting number%'",
                          lambda row: row[0] >= len(ways))
        report.check(name, row == [len(ways)], f"{row}")


def certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                    f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"],
                   check=True, capture_output=True)
    Path(folder, "key.pem").chmod(0o600)


def openssl_arrives(report, path):
    name = "what_comes_over_tls_arrives"
    if shutil.which("openssl") is None:
        report.skip(name, "no openssl")
        return
    port = free_port()
    server = Program(path, "--syslog-tls", f"127.0.0.1:{port}")
    certificate(server.folder)
    server.flags += ["--tls-certificate", f"{server.folder}/certificate.pem", "--tls-key",
                     f"{server.folder}/key.pem"]
    with server:
        body = b"<34>1 2026-11-27T10:00:00Z host9 app - - - secret greeting"
        subprocess.run(["openssl", "s_client", "-quiet", "-no_ign_eof", "-connect",
                        f"127.0.0.1:{port}", "-CAfile", f"{server.folder}/certificate.pem"],
                       input=b"%d %s" % (len(body), body), capture_output=True, timeout=30)
        row = server.wait("SELECT count(*) FROM logs WHERE source = 'syslog:host9'",
                          lambda row: row[0] >= 1)
        report.check(name, row == [1], f"{row}")


def main():
    report = Report()
    for test in (rsyslog_arrives, logger_arrives, openssl_arrives):
        test(report, sys.argv[1])
    report.finish()


if __name__ == "__main__":
    main()
