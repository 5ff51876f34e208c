#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""watch.py - the command `watch` in front of a made-up server: on a pipe, and on a terminal whose
screen this test reads.

    watch.py PROGRAM
"""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "tools")]
from fake_server import FakeServer, finding  # noqa: E402
from report import Report  # noqa: E402

PROGRAM = str(Path(sys.argv[1]).resolve())
WORLD = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8", "ODDBALL_CONFIG": "off"}
WORLD.pop("NO_COLOR", None)


def start(*words, **how):
    return subprocess.Popen([PROGRAM, "watch", *words], stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=WORLD, **how)


def line_of(process):
    return process.stdout.readline().rstrip("\n")


def end(process):
    """(status, what is left of stdout, stderr) after Ctrl-C."""
    process.send_signal(signal.SIGINT)
    begin = time.monotonic()
    out, err = process.communicate(timeout=10)
    return process.returncode, out, err, time.monotonic() - begin


def check_pipe(report):
    server = FakeServer()
    server.add(finding(1))
    process = start("--server", server.url)
    server.wait_for_listener()
    server.add(finding(2, sentence="red \x1b[31m and \u202e turned"))
    line = line_of(process)
    report.check("a_new_finding_is_a_line",
                 line.startswith("2026-11-23 00:02:00  5.0  web-2  red "), line)
    report.check("what_is_hostile_is_made_visible",
                 "\x1b" not in line and "\u202e" not in line and "\\x1b[31m" in line, line)
    server.add({**finding(2), "state": "ongoing"})
    server.add({**finding(77), "state": "expected"})
    server.break_off()
    server.add(finding(3))
    server.wait_for_listener()
    server.add(finding(4))
    lines = [line_of(process), line_of(process)]
    report.check("a_lost_connection_loses_and_doubles_nothing_and_what_is_held_back_is_not_told",
                 "number 3" in lines[0] and "number 4" in lines[1], lines)
    events = [last for path, last in server.asked if path.startswith("/api/v1/events")]
    report.check("it_goes_on_behind_the_last_event", events[0] is None and events[1] == "f77",
                 events)
    status, out, err, seconds = end(process)
    report.check("ctrl_c_ends_it_soon", status == 0 and out == "" and seconds < 1.5,
                 (status, out, seconds))
    report.check("the_outage_was_told", "trying again" in err and "back" in err, err)
    server.stop()


def check_asking(report):
    server = FakeServer(has_events=False)
    server.add(finding(1))
    process = start("--server", server.url, "--format=json")
    time.sleep(0.5)
    server.add(finding(2))
    row = json.loads(line_of(process))
    report.check("without_events_it_asks", row["id"] == "f2" and row["sample"] == "the line 2", row)
    server.stop()
    time.sleep(2.5)
    status, out, err, _ = end(process)
    report.check("it_survives_the_server", status == 0 and "trying again" in err, (status, err))


def check_ends(report):
    server = FakeServer()
    process = start("--server", server.url)
    server.wait_for_listener()
    process.stdout.close()
    server.add(finding(1))
    report.check("a_closed_pipe_ends_it", process.wait(timeout=10) == 0)
    process.stderr.close()
    server.stop()
    process = start("--server", server.url)
    _, err = process.communicate(timeout=20)
    report.check("no_server_is_told_at_once", process.returncode == 2
                 and "nothing answers there" in err, err)
    for words in (("x",), ("--format", "csv"), ("--server", "nonsense"), ("--data",)):
        process = start(*words)
        _, err = process.communicate(timeout=20)
        report.check(f"{'_'.join(words)}_is_2", process.returncode == 2 and "oddball: " in err, err)


def check_places(report):
    server = FakeServer(token="s3cret")
    server.add(finding(1))
    with tempfile.TemporaryDirectory() as folder:
        token = Path(folder, "token")
        token.write_text("s3cret\n")
        token.chmod(0o600)
        Path(folder, "server.json").write_text(
            json.dumps({"address": server.address, "pid": os.getpid()}))
        process = start("--data", folder, "--token-file", str(token))
        heard = server.wait_for_listener()
        server.add(finding(2))
        report.check("the_server_of_the_data_folder_is_found",
                     heard and "number 2" in line_of(process))
        end(process)
        process = start("--data", folder)
        _, err = process.communicate(timeout=20)
        report.check("a_missing_token_is_told", process.returncode == 2
                     and "wants a token: give --token-file" in err, err)
    server.stop()


class Terminal:
    """A terminal of so many columns and rows, as far as `watch` uses one."""

    def __init__(self, *words, columns=100, rows=30):
        self.master, slave = pty.openpty()
        self.resize(columns, rows, slave)
        self.before = termios.tcgetattr(slave)
        self.slave, self.raw, self.screen, self.rows = slave, b"", [], []
        self.process = subprocess.Popen([PROGRAM, "watch", *words], stdin=slave, stdout=slave,
                                        stderr=subprocess.PIPE, env=WORLD, process_group=0)

    def resize(self, columns, rows, descriptor=None):
        fcntl.ioctl(descriptor or self.master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                break
            try:
                self.raw += os.read(self.master, 65536)
            except OSError:
                break
        frames = self.raw.decode(errors="replace").split("\x1b[H")
        whole = [frame for frame in frames if "\x1b[J" in frame and frame.endswith("\x1b[0m")]
        if whole:
            self.rows = re.sub(r"\x1b\[[0-9;]*m", "", whole[-1]).split("\r\n")
            self.screen = [re.sub(r"\x1b\[[KJ]", "", row) for row in self.rows]
        return self.screen

    def until(self, good, seconds=8):
        end_at = time.monotonic() + seconds
        while time.monotonic() < end_at:
            if self.read(0.1) and good(self.screen):
                return True
        return False

    def key(self, text):
        os.write(self.master, text.encode())

    def selected(self):
        rows = [row for row in self.screen if row.startswith(">")]
        return re.search(r"number (\d+)", rows[0]).group(1) if rows else None

    def leave(self):
        """Status, and whether the terminal is as it was."""
        self.process.wait(timeout=10)
        self.read(0.2)
        tail = self.raw.split(b"\x1b[J")[-1]
        return (self.process.returncode, b"\x1b[?1049l" in tail and b"\x1b[?25h" in tail
                and termios.tcgetattr(self.slave) == self.before)

    def close(self):
        self.process.stderr.close()
        os.close(self.master)
        os.close(self.slave)


def check_screen(report):
    server = FakeServer()
    for number in range(40):
        server.add(finding(number))
    server.add(finding(50, surprise=12.0, source="evil\x1b]0;x\x07", sample="\x1b[2Jgone"))
    terminal = Terminal("--server", server.url)
    shown = terminal.until(lambda screen: "12.0" in screen[2])
    report.check("the_oddest_finding_is_first", shown, terminal.screen)
    screen = "\n".join(terminal.screen)
    report.check("no_row_erases_its_own_last_column",
                 any(len(row) == 100 for row in terminal.screen)
                 and all(re.fullmatch(r"\x1b\[[KJ][^\x1b]*", row) for row in terminal.rows),
                 terminal.rows)
    report.check("the_screen_is_filled", len(terminal.screen) == 30, len(terminal.screen))
    report.check("the_top_row_says_how_the_server_is",
                 all(word in terminal.screen[0] for word in
                     (server.address, "4 sources", "lag 200 ms", "123 MB", "41 findings")),
                 terminal.screen[0])
    report.check("the_lanes_show_how_odd_sources_were",
                 re.search(r"^web-0 .*\d", screen, re.MULTILINE) and "#" in screen, screen)
    report.check("the_tail_shows_odd_lines", "the line 39" in screen, screen)
    report.check("hostile_text_is_harmless", b"\x07" not in terminal.raw
                 and b"\x1b]0" not in terminal.raw and b"\x1b[2Jgone" not in terminal.raw
                 and "\\x1b[2Jgone" in screen, screen)
    first = terminal.selected()
    terminal.key("jj")
    moved = terminal.until(lambda _: terminal.selected() not in (first, None))
    chosen = terminal.selected()
    report.check("j_moves_down", moved, terminal.screen)
    server.add(finding(45, surprise=20.0))
    report.check("a_new_finding_comes_by_itself_and_the_chosen_one_stays",
                 terminal.until(lambda screen: "20.0" in screen[2])
                 and terminal.selected() == chosen, terminal.screen)
    terminal.key("\r")
    report.check("enter_shows_details",
                 terminal.until(lambda screen: any("expected 0.5" in row for row in screen))
                 and any(f"number {chosen}" in row for row in terminal.screen), terminal.screen)
    terminal.resize(60, 12)
    terminal.process.send_signal(signal.SIGWINCH)
    report.check("it_follows_the_size", terminal.until(lambda screen: len(screen) == 12),
                 terminal.screen)
    terminal.key("\x1b")
    terminal.until(lambda screen: "Findings" in screen[1])
    terminal.key("G")
    report.check("keys_reach_the_last", terminal.until(lambda _: terminal.selected() is not None
                                                       and terminal.selected() != chosen))
    terminal.key("q")
    report.check("q_ends_it_and_the_terminal_is_as_it_was", terminal.leave() == (0, True))
    terminal.close()
    server.stop()


def check_dumb(report):
    server = FakeServer()
    master, slave = pty.openpty()
    process = subprocess.Popen([PROGRAM, "watch", "--server", server.url], stdin=slave,
                               stdout=slave, stderr=subprocess.PIPE, env={**WORLD, "TERM": "dumb"})
    server.wait_for_listener()
    server.add(finding(1))
    got = b""
    while not got.endswith(b"\n") and select.select([master], [], [], 10)[0]:
        got += os.read(master, 1000)
    report.check("a_terminal_that_cannot_move_its_cursor_gets_lines",
                 got.startswith(b"2026-11-23 ") and b"\x1b" not in got, got)
    end(process)
    os.close(master)
    os.close(slave)
    server.stop()


def check_signals(report):
    server = FakeServer()
    server.add(finding(1))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGSEGV):
        terminal = Terminal("--server", server.url)
        terminal.until(lambda screen: len(screen) == 30)
        terminal.process.send_signal(number)
        status, restored = terminal.leave()
        wanted = -number if number == signal.SIGSEGV else 0
        report.check(f"{number.name}_gives_the_terminal_back", restored, terminal.raw[-200:])
        report.check(f"{number.name}_ends_it", status == wanted, status)
        terminal.close()
    terminal = Terminal("--server", server.url, columns=30, rows=6)
    report.check("a_small_terminal_does", terminal.until(lambda screen: len(screen) == 6),
                 terminal.screen)
    server.stop()
    terminal.resize(120, 6)
    report.check("a_lost_server_is_told", terminal.until(lambda screen: "nothing" in screen[0]),
                 terminal.screen)
    terminal.key("q")
    terminal.leave()
    terminal.close()


def check_stop(report):
    server = FakeServer()
    server.add(finding(1))
    terminal = Terminal("--server", server.url)
    terminal.until(lambda screen: len(screen) == 30)
    os.kill(terminal.process.pid, signal.SIGTSTP)
    terminal.read(0.4)
    report.check("ctrl_z_gives_the_terminal_back",
                 terminal.raw.endswith(b"\x1b[?1049l")
                 and termios.tcgetattr(terminal.slave) == terminal.before, terminal.raw[-100:])
    seen = len(terminal.raw)
    os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.read(1.5)
    report.check("it_goes_on_afterwards", b"\x1b[?1049h" in terminal.raw[seen:]
                 and b"\x1b[J" in terminal.raw[seen:], terminal.raw[seen:][-200:])
    terminal.key("q")
    report.check("and_ends_as_it_should", terminal.leave() == (0, True))
    terminal.close()
    server.stop()


def main():
    report = Report()
    for check in (check_pipe, check_asking, check_ends, check_places, check_screen, check_dumb,
                  check_signals, check_stop):
        check(report)
    report.finish()


if __name__ == "__main__":
    main()
