# SPDX-License-Identifier: Apache-2.0
"""program.py - a whole oddball server for tests with other people's programs: started on a folder
of its own, asked by SQL, ended."""
import json
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

START_S = 60
ARRIVE_S = 60


def free_port(kind=socket.SOCK_STREAM):
    """A port that nobody has now; the kernel gives it to nobody else for a while."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """`with Program(path, "--syslog-tcp", "127.0.0.1:5514") as server:`"""

    def __init__(self, path, *flags, data=None):
        self.folder = Path(tempfile.mkdtemp(prefix="oddball-clients-"))
        self.path = str(Path(path).resolve())
        self.data = Path(data or self.folder / "data")
        self.flags = [self.path, "serve", "--data", str(self.data),
                      "--listen", "127.0.0.1:0", "--otlp-http", "off", "--otlp-grpc", "off",
                      "--no-discovery", *flags]

    def __enter__(self):
        self.start()
        return self

    def start(self):
        (self.data / "server.json").unlink(missing_ok=True)
        self.log = (self.folder / "log").open("a")
        self.process = subprocess.Popen(self.flags, stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=subprocess.STDOUT)
        until = time.monotonic() + START_S
        while True:
            try:
                told = json.loads((self.data / "server.json").read_text())
                self.address = f"http://{told['address']}"
                self.ask("/readyz")
                return
            except (OSError, ValueError) as problem:
                if time.monotonic() > until or self.process.poll() is not None:
                    self.__exit__()
                    raise AssertionError(f"no server: {problem}\n{self.told()}") from problem
                time.sleep(0.1)

    def stop(self):
        """As a service manager does; gives the seconds that it took, and its status."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
        self.log.close()
        return time.monotonic() - began, self.process.returncode

    def kill(self):
        """As a power cut does, but for the disk."""
        self.process.kill()
        self.process.wait()
        self.log.close()

    def run(self, command, *words):
        """Another command of the program on the same folder."""
        return subprocess.run([self.path, command, "--data", str(self.data), *words],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=300)

    def __exit__(self, *_):
        self.stop()
        self.said = (self.folder / "log").read_text(errors="replace")
        shutil.rmtree(self.folder, ignore_errors=True)

    def told(self):
        path = self.folder / "log"
        return self.said if hasattr(self, "said") else path.read_text(errors="replace")

    def ask(self, path, body=None, **headers):
        request = urllib.request.Request(self.address + path, data=body)
        if body is not None:
            request.add_header("Content-Type", "application/json")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def learnt(self, seconds=10):
        """Waits until all that is durable is learnt, and a tick behind it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            status = json.loads(self.ask("/api/v1/status"))
            if status["journal_position"] == status["fold_position"]:
                return
            time.sleep(0.05)

    def rows(self, sql):
        return json.loads(self.ask("/api/v1/sql", json.dumps({"sql": sql}).encode()))["rows"]

    def wait(self, sql, wanted):
        """The first row of the answer, once `wanted` holds for it; at the end whatever it is."""
        until = time.monotonic() + ARRIVE_S
        while True:
            try:
                row = (self.rows(sql) or [None])[0]
            except urllib.error.HTTPError as problem:
                row = problem.read().decode(errors="replace")
            if (row is not None and not isinstance(row, str) and wanted(row)) or \
                    time.monotonic() > until:
                return row
            time.sleep(0.3)


class Other:
    """Another program beside it, ended at the end; its output is kept for the story."""

    def __init__(self, *command, **how):
        self.command, self.how = command, how

    def __enter__(self):
        self.output = tempfile.TemporaryFile()
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                                        stdout=self.output, stderr=subprocess.STDOUT, **self.how)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def story(self):
        self.output.seek(0)
        return self.output.read().decode(errors="replace")[-3000:]
