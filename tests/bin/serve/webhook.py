#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""webhook.py - findings posted to receivers of this test: good, failing, slow, gone.

    webhook.py HOOK     the program of hook.c
"""
import hashlib
import hmac
import http.server
import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))
from report import Report  # noqa: E402

HOOK, SECRET = sys.argv[1], "s3cret of the test"


class Receiver:
    """answers: what is said to the first, second ... POST: (status, headers); then 204."""

    def __init__(self, answers=(), delay_s=0.0, port=0):
        self.got, self.times, self.answers, self.delay_s = [], [], list(answers), delay_s
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(outer.delay_s)
                outer.times.append(time.monotonic())
                status, headers = outer.answers.pop(0) if outer.answers else (204, {})
                outer.got.append((status, self.headers, body))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self):
        return f"http://127.0.0.1:{self.port}/hook/T0ken"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def finding(number, state="open"):
    return json.dumps({"id": f"f{number}", "state": state, "surprise": 4.2,
                       "sentence": 'a "new" line'})


def start(url, *words):
    return subprocess.Popen([HOOK, url, SECRET, *words], text=True, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE)


def run(url, *lines, words=()):
    """(counts of the last "counts", how long closing took); the counts have those at the end."""
    process = start(url, *words)
    said, _ = process.communicate("\n".join(lines) + "\n", timeout=60)
    rows = [row.split("\t") for row in said.splitlines()]
    counts = [row for row in rows if len(row) == 7]
    names = ("delivered", "refused", "dropped", "failed", "waiting", "retried")
    last = dict(zip(names, map(int, counts[-1][:6])), trouble=counts[-1][6]) if counts else {}
    last["end"] = tuple(map(int, rows[-1][2:]))
    return last, float(rows[-1][1])


def check_good(report):
    receiver = Receiver()
    counts, closing = run(receiver.url(), *map(finding, range(20)), "wait 20", "counts")
    report.check("every_finding_arrives_in_order",
                 [json.loads(body)["id"] for _, _, body in receiver.got]
                 == [f"f{n}" for n in range(20)], receiver.got)
    report.check("they_are_counted", counts["delivered"] == 20 and not counts["trouble"], counts)
    report.check("closing_is_quick", closing < 1, closing)
    _, headers, body = receiver.got[7]
    signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    report.check("the_signature_is_that_of_the_body",
                 headers["X-Oddball-Signature"] == f"sha256={signed}", dict(headers))
    report.check("the_key_is_id_and_state", headers["Idempotency-Key"] == "f7-open")
    report.check("it_is_a_cloud_event", headers["ce-id"] == "f7-open"
                 and headers["ce-specversion"] == "1.0" and headers["ce-type"] and
                 headers["ce-source"] and headers["Content-Type"] == "application/json")
    report.check("the_time_is_now", abs(int(headers["X-Oddball-Timestamp"]) - time.time()) < 30)
    receiver.stop()


def check_failures(report):
    again = [(500, {}), (503, {}), (429, {}), (408, {})]
    receiver = Receiver(again)
    counts, _ = run(receiver.url(), finding(1), finding(2), "wait 2", "counts")
    keys = [headers["Idempotency-Key"] for _, headers, _ in receiver.got]
    report.check("what_fails_is_sent_again_and_the_order_kept",
                 keys == ["f1-open"] * 5 + ["f2-open"] and counts["delivered"] == 2
                 and counts["failed"] == 4 and counts["retried"] == 4, (keys, counts))
    receiver.stop()
    receiver = Receiver([(404, {}), (302, {"Location": "http://127.0.0.1:1/"})])
    counts, _ = run(receiver.url(), finding(1), finding(2), "wait 2", "counts", finding(3),
                    "wait 3", "counts")
    report.check("what_is_refused_is_not_sent_again", len(receiver.got) == 3
                 and counts["refused"] == 2 and counts["delivered"] == 1, counts)
    receiver.stop()
    receiver = Receiver([(503, {"Retry-After": "1"})])
    run(receiver.url(), finding(1), "wait 1")
    report.check("retry_after_is_honoured", 0.95 < receiver.times[1] - receiver.times[0] < 3,
                 receiver.times)
    receiver.stop()
    receiver = Receiver([(404, {})])
    counts, _ = run(receiver.url(), finding(1), "wait 1", "counts")
    report.check("the_trouble_is_told_without_the_path", "answered 404" in counts["trouble"]
                 and "T0ken" not in counts["trouble"], counts)
    receiver.stop()


def check_down(report):
    holder = socket.create_server(("127.0.0.1", 0))
    port = holder.getsockname()[1]
    holder.close()
    process = start(f"http://127.0.0.1:{port}/")
    process.stdin.write("".join(finding(n) + "\n" for n in range(50)) + "sleep 0.5\ncounts\n")
    process.stdin.flush()
    counts = process.stdout.readline().split("\t")
    report.check("while_it_is_down_findings_wait", counts[0] == "0" and int(counts[4]) >= 49
                 and "nothing answers" in counts[6], counts)
    receiver = Receiver(port=port)
    said, _ = process.communicate("wait 50\ncounts\n", timeout=60)
    report.check("when_it_is_up_they_arrive_in_order",
                 [json.loads(body)["id"] for _, _, body in receiver.got]
                 == [f"f{n}" for n in range(50)], said)
    receiver.stop()
    counts, closing = run(f"http://127.0.0.1:{port}/", *map(finding, range(1500)), "counts")
    report.check("beyond_the_limit_the_oldest_are_dropped_and_counted",
                 counts["waiting"] == 1000 and 499 <= counts["dropped"] <= 500, counts)
    report.check("closing_is_quick_though_nobody_answers", closing < 1, closing)
    report.check("what_waited_then_is_counted_as_dropped", counts["end"] == (0, 1500), counts)


def check_slow(report):
    receiver = Receiver(delay_s=30)
    _, closing = run(receiver.url(), finding(1), "sleep 0.3")
    report.check("closing_is_quick_though_it_is_slow", closing < 1.2, closing)
    receiver.stop()
    receiver = Receiver(delay_s=0.05)
    _, closing = run(receiver.url(), finding(1), finding(2), finding(3))
    report.check("what_waits_is_sent_before_closing", len(receiver.got) == 3 and closing < 1,
                 (closing, receiver.got))
    receiver.stop()


def check_reach(report):
    counts, _ = run("http://169.254.169.254/hook", finding(1), "sleep 0.2", "counts")
    report.check("link_local_is_never_posted_to", "never allowed" in counts["trouble"], counts)
    receiver = Receiver()
    counts, _ = run(receiver.url(), finding(1), "sleep 0.2", "counts", words=("public",))
    report.check("a_private_address_that_is_not_allowed_is_not_posted_to",
                 "private" in counts["trouble"] and not receiver.got, counts)
    receiver.stop()
    done = subprocess.run([HOOK, "ftp://x/", ""], text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE)
    report.check("no_address_is_refused_at_once", done.returncode == 2
                 and "a good one is" in done.stdout, done)


def check_standing(report):
    receiver = Receiver()
    run(receiver.url(), 'stand a {"odd": 1}', "sleep 0.4", 'stand a {"odd": 2}', "sleep 0.4",
        'over a {"over": 2}', "sleep 0.2", words=("plain",))
    bodies = [body for _, _, body in receiver.got]
    one, two, over = (bodies.count(body) for body in (b'{"odd": 1}', b'{"odd": 2}',
                                                      b'{"over": 2}'))
    report.check("what_stands_is_sent_again_as_it_is_now", one >= 2 and two >= 2 and
                 bodies == [b'{"odd": 1}'] * one + [b'{"odd": 2}'] * two + [b'{"over": 2}'] * over,
                 bodies)
    report.check("what_is_over_is_sent_once", over == 1, bodies)
    report.check("a_body_of_another_form_has_no_headers_of_the_webhook",
                 not any("Idempotency-Key" in headers for _, headers, _ in receiver.got))
    receiver.stop()


def main():
    report = Report()
    for check in (check_good, check_failures, check_down, check_slow, check_reach, check_standing):
        check(report)
    report.finish()


if __name__ == "__main__":
    main()
