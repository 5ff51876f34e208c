# SPDX-License-Identifier: Apache-2.0
"""fake_server.py - a server's REST answers, as the test wants them."""
import http.server
import json
import queue
import threading


def finding(number, **more):
    hour, minute = number // 60, number % 60
    return {"id": f"f{number}", "time": f"2026-11-23T{hour:02}:{minute:02}:00.000000Z",
            "last_time": f"2026-11-23T{hour:02}:{minute:02}:30.000000Z",
            "surprise": 3.0 + number % 7, "kind": "new", "source": f"web-{number % 3}",
            "pattern": "user <num>", "sentence": f"sentence number {number}", "state": "new",
            "how_rare": "once in a thousand", "sample": f"the line {number}", "seen": 4,
            "expected": 0.5, "incident": None, **more}


class QuietServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that goes away is no error here."""


class FakeServer:
    def __init__(self, has_events=True, token=None):
        self.findings, self.listeners, self.asked = [], [], []
        self.has_events, self.token, self.stopped = has_events, token, False
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                if outer.stopped:
                    self.close_connection = True
                    return
                outer.asked.append((self.path, self.headers["Last-Event-ID"]))
                outer.answer(self)

        self.server = QuietServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.address}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, finding_new):
        self.findings.append(finding_new)
        for listener in list(self.listeners):
            listener.put(finding_new)

    def break_off(self):
        for listener in list(self.listeners):
            listener.put(None)

    def wait_for_listener(self):
        for _ in range(400):
            if self.listeners:
                return True
            threading.Event().wait(0.025)
        return False

    def answer(self, handler):
        path = handler.path.split("?")[0]
        if self.token and handler.headers["Authorization"] != f"Bearer {self.token}":
            return self.send(handler, 401, {"title": "Unauthorized"})
        if path == "/api/v1/events" and self.has_events:
            return self.stream(handler)
        if path == "/api/v1/findings":
            key = "surprise" if "order=oddest" in handler.path else "time"
            rows = sorted(self.findings, key=lambda row: row[key], reverse=True)
            return self.send(handler, 200, {"items": rows, "next": None})
        if path == "/api/v1/sources":
            items = [{"source": f"web-{n}", "kind": "log", "rows": 100 * n, "samples": 0,
                      "watch": None} for n in range(3)]
            items.append({"source": "/var/log/secure", "watch": {
                "state": "refused", "cause": "permission denied", "cure": "sudo usermod -aG adm u",
                "dropped": 3, "lag_s": 0}})
            return self.send(handler, 200, {"items": items, "next": None})
        if path == "/api/v1/status":
            return self.send(handler, 200, {"version": "0.1.0", "lag_s": 0.2, "ready": True,
                                            "resident_bytes": 123e6, "trouble": None, "notes": [],
                                            "findings": len(self.findings),
                                            "damages": [{"file": "journal-2.db.damaged",
                                                         "first_commit": 17, "last_commit": 32,
                                                         "sentence": "journal-2.db cannot"}],
                                            "webhook": {"sent": 5, "waiting": 7, "dropped": 1,
                                                        "trouble": "it answered 500"},
                                            "masked": {"password": 2, "email": 1200}})
        return self.send(handler, 404, {"title": "Not Found", "detail": f"there is no {path}"})

    def send(self, handler, status, answer):
        body = json.dumps(answer).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def stream(self, handler):
        mine = queue.Queue()
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            b"Connection: close\r\n\r\nretry: 5000\n\n")
        handler.close_connection = True
        self.listeners.append(mine)
        try:
            while (row := mine.get()) is not None:
                handler.wfile.write(f"id: {row['id']}\nevent: finding\n"
                                    f"data: {json.dumps(row)}\n\n".encode())
        except OSError:
            pass
        self.listeners.remove(mine)

    def stop(self):
        self.stopped = True
        self.break_off()
        self.server.shutdown()
        self.server.server_close()
