#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""limits.py - what the HTTP server does with whoever sends too much, too slowly, or too often.

    limits.py SERVER
"""
import gzip
import resource
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))
sys.path.insert(0, str(HERE))
from client import Server, is_closed, read_answer  # noqa: E402
from report import Report  # noqa: E402

PROGRAM = str(Path(sys.argv[1]).resolve())


def drip(connection, piece, seconds):
    """A byte every 0.2 s; how long the other side let us."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        try:
            connection.sendall(piece)
        except OSError:
            break
        time.sleep(0.2)
    return time.monotonic() - begun


def check_slow(report):
    with Server(PROGRAM, "--header-s", "1", "--body-s", "1.5", "--idle-s", "1") as server:
        for name, head, piece, longest in (
                ("line", b"G", b"E", 4), ("header", b"GET / HTTP/1.1\r\nX: ", b"a", 4),
                ("body", b"POST /test/echo HTTP/1.1\r\nHost: localhost\r\n"
                         b"Content-Length: 99999\r\n\r\n", b"b", 5),
                ("refused_body", b"POST /nothing HTTP/1.1\r\nHost: localhost\r\n"
                                 b"Content-Length: 99999\r\n\r\n", b"b", 5),
                ("chunk", b"POST /test/echo HTTP/1.1\r\nHost: localhost\r\n"
                          b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nb\r\n", 5)):
            with server.connect() as connection:
                connection.sendall(head)
                seconds = drip(connection, piece, 8)
                report.check(f"a_{name}_byte_by_byte_is_cut_off", seconds < longest, seconds)
        with server.connect() as connection:
            connection.sendall(b"GET /test/echo HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = read_answer(connection.makefile("rb"))
            begun = time.monotonic()
            report.check("an_idle_one_is_closed", answer.status == 200 and is_closed(connection) and
                         time.monotonic() - begun < 3)
        with server.connect() as connection:
            report.check("a_silent_one_is_closed", is_closed(connection))
        with server.connect() as connection:
            connection.sendall(b"GET /test/later?ms=3000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            report.check("one_that_waits_for_its_answer_is_not",
                         read_answer(connection.makefile("rb")).body == b"later\n")
        with server.connect() as connection:
            connection.sendall(b"POST /test/pieces HTTP/1.1\r\nHost: localhost\r\n"
                               b"Transfer-Encoding: chunked\r\n\r\n")
            for _ in range(6):
                connection.sendall(b"1\r\nb\r\n")
                time.sleep(0.5)
            connection.sendall(b"0\r\n\r\n")
            report.check("one_whose_body_may_be_slow_is_not",
                         read_answer(connection.makefile("rb")).body == b"6\n")


def check_sizes(report):
    with Server(PROGRAM, "--body-max", "1000000", "--bodies-max", "3000000") as server:
        for name, body, header in (
                ("large", b"a" * 1000001, ""), ("four_times_as_large", b"a" * 3999999, ""),
                ("packed", gzip.compress(b"a" * 1000001), "Content-Encoding: gzip\n")):
            answer = server.post("/test/echo", body, header)
            report.check(f"a_{name}_body_is_413_with_the_cure", answer.status == 413 and
                         "limit" in answer.json()["detail"], answer)
        report.check("one_byte_less_is_200",
                     len(server.post("/test/echo", b"a" * 1000000).body) == 1000000)
        chunk = b"%x\r\n%s\r\n" % (500000, b"a" * 500000)
        head = "POST /test/echo HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n"
        answer = server.ask(head, chunk * 3 + b"0\r\n\r\n")
        report.check("chunks_without_end_are_413", answer.status == 413, answer)
        bomb = gzip.compress(b"\0" * (300 << 20))
        begun = time.monotonic()
        answer = server.post("/test/echo", bomb, "Content-Encoding: gzip\n")
        report.check("a_bomb_is_413_and_quick", answer.status == 413 and
                     time.monotonic() - begun < 2, answer)
        peak = int(Path(f"/proc/{server.process.pid}/status").read_text()
                   .split("VmHWM:")[1].split()[0])
        report.check("and_takes_no_memory", peak < 150 << 10, f"{peak} kB")
        check_all_bodies(report, server)


def check_all_bodies(report, server):
    """Bodies that have been begun fill what there is for all of them."""
    begun = [server.connect() for _ in range(4)]
    head = b"POST /test/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n"
    for connection in begun:
        connection.sendall(head + b"a")
        time.sleep(0.1)
    begun[3].sendall(b"a" * 899999)
    answer = read_answer(begun[3].makefile("rb"))
    report.check("more_than_fits_is_503_with_retry_after", answer.status == 503 and
                 answer.headers["retry-after"] == "1", answer)
    begun[0].sendall(b"a" * 899999)
    report.check("what_was_begun_before_ends_well",
                 read_answer(begun[0].makefile("rb")).status == 200)
    for connection in begun:
        connection.close()
    time.sleep(0.3)
    report.check("then_there_is_room_again",
                 server.post("/test/echo", b"a" * 900000).status == 200)


def check_crowds(report):
    with Server(PROGRAM, "--connections", "40", "--idle-s", "60", "--header-s", "60") as server:
        silent = [server.connect() for _ in range(60)]
        time.sleep(1.5)
        answer = server.get("/healthz")
        report.check("in_a_crowd_health_is_answered", answer.status == 200, answer)
        for connection in silent:
            connection.close()
        time.sleep(0.5)
        report.check("behind_it_all_is_well", server.get("/test/echo").status == 200)
        waiting = [server.connect() for _ in range(35)]
        for connection in waiting:
            connection.sendall(b"GET /test/later?ms=3000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.5)
        answer = server.get("/test/echo")
        report.check("among_many_at_work_others_are_503",
                     answer.status == 503 and answer.headers["retry-after"] == "1" and
                     answer.headers["connection"] == "close", answer)
        report.check("and_health_is_answered", server.get("/healthz").status == 200)
        answers = [read_answer(connection.makefile("rb")).status for connection in waiting]
        report.check("those_at_work_are_answered", answers.count(200) >= 30 and
                     set(answers) <= {200, 503}, answers)
        for connection in waiting:
            connection.close()


def check_descriptors(report):
    """A limit of open files below that of connections: some are refused, none hurts the server."""
    few = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (60, few[1]))
    with Server(PROGRAM, "--connections", "1000") as server:
        resource.setrlimit(resource.RLIMIT_NOFILE, few)
        many = [server.connect() for _ in range(200)]
        time.sleep(1.5)
        report.check("without_descriptors_health_is_answered",
                     any(server.get("/healthz").status == 200 for _ in range(5)))
        for connection in many:
            connection.close()
        time.sleep(0.5)
        report.check("and_later_all", server.get("/test/echo").status == 200)


def check_many_threads(report):
    """What is completed, begun and ended on many threads at once stays whole."""
    with Server(PROGRAM) as server:
        wrong = []

        def ask(number):
            for i in range(30):
                body = f"{number} {i}\n".encode() * 50
                answer = server.post(f"/ingest?source=s{number}", body)
                if answer.status != 200 or answer.json()["lines"] != 50:
                    wrong.append(answer)
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        report.check("fifty_senders_are_counted_exactly",
                     not wrong and server.counts()["lines"] == 50 * 30 * 50, wrong[:3])


def check_end(report):
    with Server(PROGRAM, "--stop-s", "2") as server:
        late = [server.connect() for _ in range(3)]
        for connection, ms in zip(late, (500, 500, 60000)):
            connection.sendall(f"GET /test/later?ms={ms} HTTP/1.1\r\nHost: localhost\r\n\r\n"
                               .encode())
        stream, slow = server.connect(), server.connect()
        stream.sendall(b"GET /test/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        slow.sendall(b"GET /test/slow?ms=60000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.2)
        status = server.end()
        report.check("it_ends_in_time", status == 0 and server.seconds_to_end < 4,
                     f"{status} {server.seconds_to_end} {server.said}")
        answers = [read_answer(connection.makefile("rb")) for connection in late]
        report.check("who_is_nearly_done_is_answered", answers[0].status == 200 and
                     answers[1].status == 200, answers)
        report.check("who_is_not_gets_503", answers[2].status == 503, answers[2])
        report.check("who_computes_ends_early",
                     read_answer(slow.makefile("rb")).status == 200)
        report.check("a_stream_ends", read_answer(stream.makefile("rb")).status == 200)


def main():
    report = Report()
    for check in (check_slow, check_sizes, check_crowds, check_descriptors, check_many_threads,
                  check_end):
        check(report)
    report.finish()


if __name__ == "__main__":
    main()
