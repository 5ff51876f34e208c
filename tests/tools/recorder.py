# SPDX-License-Identifier: Apache-2.0
"""recorder.py - a server that takes whatever JSON is posted to it, and keeps it by path."""
import http.server
import json
import threading
import time

WAIT_S = 20


class Recorder:
    def __init__(self):
        self.got = {}
        got = self.got

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                got.setdefault(self.path, []).append(body)
                self.send_response(202)
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


def waits(condition):
    """Whether it comes true within a while."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until and not condition():
        time.sleep(0.1)
    return condition()
