#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""client_test.py - the HTTP client against servers of this test, good and bad.

    client_test.py ASK     the program of ask.c
"""
import gzip
import http.server
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))
from report import Report  # noqa: E402

ASK = sys.argv[1]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = f"{body.decode()}|{self.headers['X-Word']}|{self.headers['Expect']}"
        self.send(201, said.encode(), Content_Type="text/plain")

    def do_GET(self):
        match self.path:
            case "/": self.send(200, f"port {self.client_address[1]}".encode())
            case "/gzip":
                self.send(200, gzip.compress(b"a" * 100000), Content_Encoding="gzip")
            case "/busy": self.send(503, b"later", Retry_After="7")
            case "/moved": self.send(302, b"", Location="/")
            case "/slow":
                time.sleep(3)
                self.send(200, b"late")
            case "/torn":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                self.close_connection = True
            case "/endless": self.stream(lambda n: b"x" * 65536)
            case "/events": self.events()
            case "/ticks": self.stream(lambda n: time.sleep(0.1) or b"data: %d\n\n" % n)
            case "/long_line": self.stream(lambda n: b"y" * 1000)

    def events(self):
        for piece in (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                      b"Connection: close\r\n\r\n",
                      b"event: finding\r\nda", b"ta: 1\r", b"\n\r\ndata: 2\n\ndata: torn"):
            self.wfile.write(piece)
            self.wfile.flush()
            time.sleep(0.05)
        self.close_connection = True

    def stream(self, make):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        try:
            for number in range(100000):
                self.wfile.write(make(number))
        except OSError:
            pass
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that goes away is no error here."""


class Answer:
    def __init__(self, words):
        rows = words.split("\n")
        self.lines = [row[2:] for row in rows if row.startswith("> ")]
        self.all = [row.split("\t") for row in rows if "\t" in row]
        status, size, seconds, self.type, retry, hopeless, stopped, self.problem, self.body = \
            self.all[-1]
        self.status, self.size, self.seconds = int(status), int(size), float(seconds)
        self.retry, self.hopeless, self.stopped = float(retry), hopeless == "1", stopped == "1"

    def __repr__(self):
        return f"{self.all} {self.lines}"


def ask(*words):
    done = subprocess.run([ASK, *words], stdout=subprocess.PIPE, timeout=60, text=True)
    assert done.returncode == 0, done
    return Answer(done.stdout)


def silent_server():
    """Takes connections and never says a word."""
    server = socket.create_server(("127.0.0.1", 0))
    return server, server.getsockname()[1]


def check_answers(report, base):
    one = ask(base + "/")
    report.check("an_answer_comes_whole", one.status == 200 and one.body.startswith("port"), one)
    two = ask(base + "/", base + "/")
    report.check("the_connection_is_kept", two.all[0][8] == two.all[1][8], two)
    post = ask("--header", "X-Word: seven", "--body", "hello", base + "/in")
    report.check("a_body_and_headers_are_sent",
                 post.status == 201 and post.body == "hello|seven|None", post)
    report.check("the_type_is_told", post.type == "text/plain", post)
    packed = ask(base + "/gzip")
    report.check("gzip_is_unpacked", packed.size == 100000, packed)
    busy = ask(base + "/busy")
    report.check("another_status_is_an_answer_too", busy.status == 503 and busy.body == "later"
                 and busy.retry == 7 and not busy.problem, busy)
    report.check("a_redirect_is_not_followed", ask(base + "/moved").status == 302)


def check_limits(report, base):
    big = ask("--limit", "99999", base + "/gzip")
    report.check("what_is_unpacked_counts", big.status == 0 and big.hopeless
                 and "longer than the 99999 bytes" in big.problem, big)
    endless = ask("--limit", "1000000", base + "/endless")
    report.check("an_endless_answer_ends", endless.status == 0 and "longer" in endless.problem)
    late = ask("--total", "0.5", base + "/slow")
    report.check("a_late_answer_is_not_waited_for", late.status == 0 and late.seconds < 2
                 and "did not answer in time" in late.problem and not late.hopeless, late)
    server, port = silent_server()
    mute = ask("--stop", "0.3", f"http://127.0.0.1:{port}/")
    report.check("a_stop_ends_the_wait", mute.stopped and mute.seconds < 1, mute)
    server.close()
    torn = ask(base + "/torn")
    report.check("half_an_answer_is_none",
                 torn.status == 0 and "broke the connection off" in torn.problem, torn)


def check_streams(report, base):
    events = ask("--lines", "100", base + "/events")
    report.check("lines_come_however_they_are_cut_and_ended",
                 events.lines == ["event: finding", "data: 1", "", "data: 2", ""], events)
    report.check("a_stream_that_ends_is_no_error", events.status == 200 and not events.problem)
    some = ask("--lines", "4", base + "/ticks")
    report.check("the_reader_ends_a_stream", some.lines == ["data: 0", "", "data: 1", ""]
                 and not some.problem, some)
    stopped = ask("--lines", "1000", "--stop", "0.5", base + "/ticks")
    report.check("a_stop_ends_a_stream", stopped.stopped and stopped.seconds < 1.2
                 and len(stopped.lines) > 3, stopped)
    long_line = ask("--lines", "9", "--limit", "50000", base + "/long_line")
    report.check("a_line_without_end_is_cut_off", "longer" in long_line.problem
                 and not long_line.lines, long_line)
    server, port = silent_server()
    idle = ask("--lines", "9", "--idle", "0.5", f"http://127.0.0.1:{port}/")
    report.check("a_silent_stream_is_given_up", "was silent" in idle.problem and idle.seconds < 2,
                 idle)
    server.close()
    busy = ask("--lines", "9", base + "/busy")
    report.check("a_refused_stream_tells_its_body",
                 busy.status == 503 and busy.body == "later" and not busy.lines, busy)


def check_reach(report, port):
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f000001", "2130706433"):
        done = ask("--public", f"http://{host}:{port}/")
        report.check(f"{host}_is_not_public", done.status == 0 and done.hopeless
                     and "private" in done.problem, done)
    for host in ("169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "0.0.0.0", "224.0.0.1"):
        done = ask(f"http://{host}:{port}/latest/meta-data")
        report.check(f"{host}_is_never_asked", done.status == 0 and done.hopeless
                     and "never allowed" in done.problem and "meta-data" not in done.problem, done)
    for url in ("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "nonsense://x",
                "", "http://"):
        done = ask(url)
        report.check(f"'{url}'_is_no_address", done.status == 0 and done.hopeless
                     and "no address" in done.problem, done)
    free = socket.create_server(("127.0.0.1", 0))
    nobody = free.getsockname()[1]
    free.close()
    done = ask(f"http://me:pass@127.0.0.1:{nobody}/services/T0/secret?token=x")
    report.check("nobody_there_is_told_without_secrets",
                 f"http://127.0.0.1:{nobody}: nothing answers" in done.problem
                 and "secret" not in done.problem and "pass" not in done.problem, done)
    done = ask("http://name.invalid/")
    report.check("an_unknown_name_is_told", "name" in done.problem and done.status == 0, done)


def main():
    report = Report()
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    check_answers(report, base)
    check_limits(report, base)
    check_streams(report, base)
    check_reach(report, server.server_port)
    report.finish()


if __name__ == "__main__":
    main()
