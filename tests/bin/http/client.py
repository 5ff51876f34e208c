# SPDX-License-Identifier: Apache-2.0
"""client.py - a server under test, and bytes on its sockets exactly as a test wants them."""
import json
import socket
import subprocess
import time


class Server:
    """`with Server(program, "--token", "x") as server`: ends by itself, and must end with status 0,
    or what it said (a sanitizer, mostly) is raised."""

    def __init__(self, program, *words, listen=("127.0.0.1:0",)):
        listeners = [word for address in listen for word in ("--listen", address)]
        self.process = subprocess.Popen([program, *listeners, *words], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.ports = [int(word) for word in self.process.stdout.readline().split()[1:]]
        self.seconds_to_end = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.end() != 0:
            raise RuntimeError(f"the server ended with {self.process.returncode}: {self.said}")

    def end(self):
        """Its status."""
        if self.process.stdin.closed:
            return self.process.returncode
        begun = time.monotonic()
        self.process.stdin.close()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.seconds_to_end = time.monotonic() - begun
        self.said = self.process.stderr.read().decode(errors="replace")
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.returncode

    def connect(self, number=0, host="127.0.0.1", timeout=10):
        return socket.create_connection((host, self.ports[number]), timeout=timeout)

    def ask(self, head, body=b"", **how):
        """One request on a connection of its own."""
        with self.connect(**how) as connection:
            connection.sendall(head.replace("\n", "\r\n").encode("latin-1") + body)
            return read_answer(connection.makefile("rb"))

    def get(self, path, headers="", **how):
        return self.ask(f"GET {path} HTTP/1.1\nHost: localhost\n{headers}\n", **how)

    def post(self, path, body, headers="", **how):
        head = f"POST {path} HTTP/1.1\nHost: localhost\nContent-Length: {len(body)}\n{headers}\n"
        return self.ask(head, body, **how)

    def counts(self):
        return self.get("/test/counts").json()


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.headers} {self.body[:300]!r}"


def read_chunks(stream):
    body = b""
    while True:
        size = int(stream.readline().split(b";")[0], 16)
        body += stream.read(size)
        stream.readline()
        if size == 0:
            return body


def read_answer(stream, method="GET"):
    """The next answer; status None: the connection ended (or was reset) before one."""
    try:
        first = stream.readline()
        if not first:
            return Answer(None, {}, b"")
        headers = {}
        while (line := stream.readline().strip()):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        status = int(first.split()[1])
        if method == "HEAD" or status in (100, 204):
            return Answer(status, headers, b"")
        if headers.get("transfer-encoding") == "chunked":
            return Answer(status, headers, read_chunks(stream))
        return Answer(status, headers, stream.read(int(headers.get("content-length", 0))))
    except ConnectionError:
        return Answer(None, {}, b"")


def is_closed(connection, seconds=3):
    """Whether the other side closes within so long; what it still says is read."""
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            pass
        return True
    except ConnectionError:
        return True
    except (socket.timeout, TimeoutError):
        return False
