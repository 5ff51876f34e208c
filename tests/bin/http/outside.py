#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""outside.py - the HTTP server as the network sees it: answers, forms, limits, hostility.

    outside.py SERVER
"""
import gzip
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import warnings
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))
sys.path.insert(0, str(HERE))
from client import Server, is_closed, read_answer  # noqa: E402
from report import Report  # noqa: E402

PROGRAM = str(Path(sys.argv[1]).resolve())


def chunked(*chunks):
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def check_answers(report, server):
    answer = server.get("/test/echo?q=a%20b+c%26&r=1")
    report.check("a_query_is_decoded",
                 answer.body == b"GET /test/echo a b c& 2 127.0.0.1\n", answer)
    report.check("what_is_literal_wins", server.get("/test/part/x/y%2Fz").body == b'"x""y/z"')
    report.check("a_torn_escape_is_no_address", server.get("/test/part/x/%2").status == 404)
    report.check("a_nul_is_no_address", server.get("/test/part/x/%00").status == 404)
    answer = server.get("/nothing")
    report.check("nothing_there_is_404_as_problem_json",
                 answer.status == 404 and answer.json()["status"] == 404 and
                 answer.headers["content-type"] == "application/problem+json", answer)
    answer = server.ask("DELETE /test/echo HTTP/1.1\nHost: localhost\n\n")
    report.check("another_method_is_405_with_allow",
                 answer.status == 405 and answer.headers["allow"] == "GET, HEAD, POST", answer)
    report.check("headers_that_browsers_obey_are_there", all(
        name in answer.headers for name in ("x-content-type-options", "content-security-policy",
                                            "x-frame-options", "referrer-policy")), answer)
    with server.connect() as connection:
        connection.sendall(b"HEAD /test/echo HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = read_answer(connection.makefile("rb"), "HEAD")
        report.check("head_is_get_without_body", answer.status == 200 and
                     int(answer.headers["content-length"]) > 0, answer)
    report.check("a_late_answer_comes", server.get("/test/later?ms=50").body == b"later\n")
    report.check("an_answer_at_once_of_another_thread_comes",
                 all(server.get("/test/later?ms=0").body == b"later\n" for _ in range(200)))
    report.check("a_slow_answer_comes", server.get("/test/slow?ms=50").body == b"slow\n")


def check_threads(report, server):
    """Slow functions and late answers hold up nobody."""
    slow = [threading.Thread(target=server.get, args=(path,))
            for path in ["/test/slow?ms=1500"] * 3 + ["/test/later?ms=1500"] * 20]
    for thread in slow:
        thread.start()
    time.sleep(0.2)
    begun = time.monotonic()
    answer = server.get("/test/echo")
    seconds = time.monotonic() - begun
    for thread in slow:
        thread.join()
    report.check("slow_ones_hold_up_nobody", answer.status == 200 and seconds < 1, seconds)


def check_bodies(report, server):
    data = bytes(range(256)) * 5000
    report.check("a_body_comes_whole", server.post("/test/echo", data).body == data)
    head = "POST /test/echo HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n"
    report.check("chunks_are_put_together",
                 server.ask(head, chunked(b"one ", b"two ", data)).body == b"one two " + data)
    report.check("chunk_extensions_are_passed_over_or_refused",
                 server.ask(head, b"3;a=b\r\nabc\r\n0\r\n\r\n").body in (b"abc", b""))
    for name, packed in (("gzip", gzip.compress(data)), ("deflate", zlib.compress(data)),
                         ("gzip", gzip.compress(data[:99]) + gzip.compress(data[99:]))):
        answer = server.post("/test/echo", packed, f"Content-Encoding: {name}\n")
        report.check(f"{name}_of_{len(packed)}_bytes_is_unpacked", answer.body == data, answer)
    zstd = (HERE / "hello.zst").read_bytes()
    answer = server.post("/test/echo", zstd, "Content-Encoding: zstd\n")
    report.check("zstd_is_unpacked", answer.body == b"hello, zstd\n", answer)
    for name, packed in (("torn_gzip", gzip.compress(data)[:-9]), ("no_gzip", b"plain"),
                         ("gzip_and_more", gzip.compress(b"a") + b"more")):
        answer = server.post("/test/echo", packed, "Content-Encoding: gzip\n")
        report.check(f"{name}_is_400", answer.status == 400 and "detail" in answer.json(), answer)
    answer = server.post("/test/echo", b"x", "Content-Encoding: br\n")
    report.check("an_unknown_encoding_is_415", answer.status == 415 and
                 "zstd" in answer.headers["accept-encoding"], answer)
    with server.connect() as connection:
        connection.sendall(b"POST /test/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
                           b"Expect: 100-continue\r\n\r\n")
        stream = connection.makefile("rb")
        first = read_answer(stream).status
        connection.sendall(b"body")
        report.check("who_expects_100_gets_it",
                     first == 100 and read_answer(stream).body == b"body")


def check_pieces(report, server):
    data = b"a" * 3000000
    report.check("a_body_in_pieces_is_taken_whole",
                 server.post("/test/pieces", data).body == b"3000000\n")
    head = "POST /test/pieces HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n"
    report.check("so_is_one_of_chunks",
                 server.ask(head, chunked(b"b" * 70000, b"c" * 5)).body == b"70005\n")
    report.check("an_early_answer_is_given_at_the_end",
                 server.post("/test/pieces", b"!" * 500000).body == b"enough\n")
    report.check("an_empty_one_ends_at_once", server.post("/test/pieces", b"").body == b"0\n")
    answer = server.post("/test/pieces", b"x", "Content-Encoding: gzip\n")
    report.check("pieces_are_never_packed", answer.status == 415, answer)


def check_streams(report, server):
    answer = server.get("/test/stream?count=5")
    report.check("a_stream_comes_and_ends", answer.body.count(b"data: ") == 5 and
                 answer.headers["content-type"] == "text/event-stream", answer)
    gone = server.counts()["streams_gone"]
    with server.connect() as connection:
        connection.sendall(b"GET /test/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.recv(4096)
    for _ in range(100):
        if server.counts()["streams_gone"] == gone + 1:
            break
        time.sleep(0.05)
    report.check("a_client_that_leaves_is_noticed", server.counts()["streams_gone"] == gone + 1)


def check_pipelining(report, server):
    with server.connect() as connection:
        connection.sendall(b"".join(
            b"POST /test/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%d"
            % (len(str(i)), i) for i in range(100)))
        stream = connection.makefile("rb")
        got = [read_answer(stream).body for _ in range(100)]
        report.check("pipelined_requests_are_answered_in_order",
                     got == [str(i).encode() for i in range(100)], got)
    connections = [server.connect() for _ in range(60)]
    for number, connection in enumerate(connections):
        connection.sendall(f"GET /test/later?ms=100&n={number} HTTP/1.1\r\nHost: localhost\r\n\r\n"
                           .encode())
    answers = [read_answer(connection.makefile("rb")).body for connection in connections]
    report.check("sixty_at_once_are_answered", answers == [b"later\n"] * 60, answers)
    for connection in connections:
        connection.close()


FORMS = {  # What a proxy before us might have understood otherwise: name, header, body.
    "length_and_chunks": ("Content-Length: 5\nTransfer-Encoding: chunked\n", b"0\r\n\r\n"),
    "two_lengths": ("Content-Length: 5\nContent-Length: 6\n", b"hello!"),
    "two_equal_lengths": ("Content-Length: 5\nContent-Length: 5\n", b"hello"),
    "a_list_of_lengths": ("Content-Length: 5, 5\n", b"hello"),
    "a_negative_length": ("Content-Length: -5\n", b"hello"),
    "a_length_with_plus": ("Content-Length: +5\n", b"hello"),
    "a_hexadecimal_length": ("Content-Length: 0x5\n", b"hello"),
    "a_huge_length": ("Content-Length: 99999999999999999999999\n", b"hello"),
    "an_empty_length": ("Content-Length:\n", b"hello"),
    "gzip_as_transfer": ("Transfer-Encoding: gzip\n", b"hello"),
    "chunks_not_last": ("Transfer-Encoding: chunked, gzip\n", b"0\r\n\r\n"),
    "two_transfers": ("Transfer-Encoding: chunked\nTransfer-Encoding: identity\n", b"0\r\n\r\n"),
    "a_strange_transfer": ("Transfer-Encoding: xchunked\n", b"0\r\n\r\n"),
    "a_bad_chunk_size": ("Transfer-Encoding: chunked\n", b"zz\r\nhello\r\n0\r\n\r\n"),
    "a_negative_chunk_size": ("Transfer-Encoding: chunked\n", b"-1\r\nhello\r\n0\r\n\r\n"),
    "a_huge_chunk_size": ("Transfer-Encoding: chunked\n", b"fffffffffffffffff\r\nhello\r\n"),
    "a_chunk_that_lies": ("Transfer-Encoding: chunked\n", b"3\r\nhello\r\n0\r\n\r\n"),
    "two_hosts": ("Host: localhost\nContent-Length: 0\n", b""),
    "a_space_before_the_colon": ("Content-Length : 5\n", b"hello"),
    "a_strange_expectation": ("Expect: miracles\nContent-Length: 0\n", b""),
}


def check_forms(report, server):
    for name, (header, body) in FORMS.items():
        before = server.counts()["lines"]
        with server.connect() as connection:
            head = f"POST /ingest?source=a HTTP/1.1\nHost: localhost\n{header}\n"
            connection.sendall(head.replace("\n", "\r\n").encode() + body +
                               b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            stream = connection.makefile("rb")
            answer = read_answer(stream)
            good = answer.status in (400, 413, None) and is_closed(connection)
            report.check(f"{name}_is_refused_and_closed",
                         good and server.counts()["lines"] == before, answer)
    for name, head in (("no_host", "GET /healthz HTTP/1.1\n\n"),
                       ("an_absolute_address", "GET http://a/healthz HTTP/1.1\nHost: a\n\n"),
                       ("no_http", "hello\n\n"), ("no_slash", "GET healthz HTTP/1.1\nHost: a\n\n"),
                       ("another_version", "GET /healthz HTTP/3.7\nHost: a\n\n")):
        answer = server.ask(head)
        report.check(f"{name}_is_refused", answer.status is None or answer.status >= 400, answer)
    for name, header in (("a_huge_header", "X: " + "a" * 100000 + "\n"),
                         ("many_headers", "".join(f"X-{i}: {'b' * 50}\n" for i in range(2000)))):
        answer = server.get("/test/echo", header)
        report.check(f"{name}_is_refused", answer.status in (431, 413, 400, None), answer)
    report.check("a_huge_address_is_refused",
                 server.get("/test/echo?q=" + "a" * 100000).status in (414, 431, None))


def check_pages(report, server):
    for name, header, status in (
            ("another_host", "Host: evil.example", 403),
            ("an_odd_host", "Host: localhost.evil", 403),
            ("localhost", "Host: localhost:6330", 200), ("the_address", "Host: 127.0.0.1", 200),
            ("the_long_address", "Host: [::1]:80", 200), ("a_configured_name", "Host: oddbox", 200),
            ("a_host_with_more", "Host: localhost:80@evil", 403),
            ("its_own_page", "Host: localhost:80\nOrigin: http://localhost:80", 200),
            ("another_page", "Host: localhost\nOrigin: http://evil.example", 403),
            ("a_page_without_origin", "Host: localhost\nOrigin: null", 403),
            ("a_cross_site_fetch", "Host: localhost\nSec-Fetch-Site: cross-site", 403)):
        answer = server.ask(f"GET /test/echo HTTP/1.1\n{header}\n\n")
        report.check(f"{name}_is_{status}", answer.status == status, answer)
    answer = server.ask("POST /ingest?source=a HTTP/1.1\nHost: evil.example\nContent-Length: 2\n\n",
                        b"a\n")
    report.check("another_host_cannot_send_either", answer.status == 403, answer)
    answer = server.ask("GET /healthz HTTP/1.1\nHost: evil.example\n\n")
    report.check("health_is_for_everybody", answer.status == 200, answer)


def make_certificate(folder, name):
    """A key and a certificate for it, by itself; None: no openssl."""
    files = [f"{folder}/{name}.{what}" for what in ("certificate", "key")]
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                           "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                           f"/CN={name}", "-addext", "subjectAltName=DNS:localhost",
                           "-out", files[0], "-keyout", files[1]], capture_output=True)
    return files if made.returncode == 0 else None


def ask_tls(server, context):
    """The status that POST /ingest gets, or None."""
    try:
        with context.wrap_socket(server.connect(1), server_hostname="localhost") as connection:
            connection.sendall(b"POST /ingest?source=a HTTP/1.1\r\nHost: localhost\r\n"
                               b"Content-Length: 4\r\n\r\none\n")
            return read_answer(connection.makefile("rb")).status
    except (ssl.SSLError, ConnectionError):
        return None


def check_tls(report):
    """Certificates of our own; old versions, plain bytes and unknown clients are refused."""
    with tempfile.TemporaryDirectory() as folder:
        mine, client, other = (make_certificate(folder, name)
                               for name in ("mine", "client", "other"))
        if mine is None:
            report.skip("tls_is_spoken", "no openssl")
            return
        words = ("--listen-tls", "127.0.0.1:0", "--certificate", mine[0], "--key", mine[1])
        context = ssl.create_default_context(cafile=mine[0])
        with Server(PROGRAM, *words, "--header-s", "1") as server:
            report.check("tls_is_spoken", ask_tls(server, context) == 200)
            old = ssl.create_default_context(cafile=mine[0])
            old.set_ciphers("DEFAULT:@SECLEVEL=0")
            warnings.simplefilter("ignore")  # That it is old is the point.
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
            report.check("an_old_version_is_refused", ask_tls(server, old) is None)
            with server.connect(1) as connection:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                report.check("plain_bytes_are_no_tls",
                             b"200 OK" not in connection.recv(100) and is_closed(connection))
            with server.connect(1) as connection:
                report.check("a_handshake_that_is_not_begun_is_cut_off", is_closed(connection))
        with Server(PROGRAM, *words, "--client-ca", client[0]) as server:
            report.check("an_unknown_client_is_sent_away", ask_tls(server, context) is None)
            context.load_cert_chain(*other)
            report.check("so_is_one_with_another_certificate", ask_tls(server, context) is None)
            context.load_cert_chain(*client)
            report.check("a_known_client_is_let_in", ask_tls(server, context) == 200)
        server = Server(PROGRAM, "--listen-tls", "127.0.0.1:0")
        report.check("tls_without_a_certificate_is_no_listening",
                     server.end() == 1 and "--tls-certificate" in server.said, server.said)


def check_tokens(report):
    with Server(PROGRAM, "--token", "secret", "--ingest-token", "send",
                listen=("0.0.0.0:0", "127.0.0.1:0=ingest")) as server:
        for name, header, path, status in (
                ("no_token", "", "/test/echo", 401), ("no_token_no_route", "", "/nothing", 401),
                ("a_wrong_token", "Authorization: Bearer secreT\n", "/test/echo", 401),
                ("a_part_of_the_token", "Authorization: Bearer secre\n", "/test/echo", 401),
                ("an_empty_token", "Authorization: Bearer \n", "/test/echo", 401),
                ("another_kind", "Authorization: Basic secret\n", "/test/echo", 401),
                ("the_token", "Authorization: Bearer secret\n", "/test/echo", 200),
                ("the_sender_that_asks", "Authorization: Bearer send\n", "/test/echo", 403),
                ("no_token_for_a_client_of_elasticsearch", "Accept: */*\n", "/", 401),
                ("no_token_for_the_page", "Accept: text/html\n", "/", 200),
                ("no_token_for_a_screen_of_it", "", "/i/0123456789abcdef", 200),
                ("no_token_for_health", "", "/healthz", 200)):
            answer = server.get(path, header)
            report.check(f"{name}_is_{status}", answer.status == status, answer)
        answer = server.post("/ingest?source=a", b"line\n", "Authorization: Bearer send\n")
        report.check("the_sender_may_send", answer.status == 200, answer)
        answer = server.ask("GET /test/echo HTTP/1.1\nHost: any.example\n"
                            "Authorization: Bearer secret\n\n")
        report.check("with_a_token_any_host_is_good", answer.status == 200, answer)
        answer = server.get("/test/echo", number=1)
        report.check("a_listener_of_one_group_has_only_that", answer.status == 404, answer)
        answer = server.post("/ingest?source=a", b"line\n", number=1)
        report.check("which_needs_no_token_on_loopback", answer.status == 200, answer)
        for _ in range(12):
            answer = server.get("/test/echo", "Authorization: Bearer guess\n")
        report.check("who_guesses_is_locked_out", answer.status == 429 and
                     "retry-after" in answer.headers, answer)
        answer = server.get("/test/echo", "Authorization: Bearer secret\n")
        report.check("also_with_the_right_one", answer.status == 429, answer)
    server = Server(PROGRAM, listen=("0.0.0.0:0",))
    report.check("off_loopback_without_a_token_is_no_listening",
                 server.end() == 1 and "--token-file" in server.said, server.said)


def check_ingest(report, server):
    before = server.counts()["lines"]
    answer = server.post("/ingest?source=web", b"one\ntwo\nthree")
    report.check("lines_are_counted", answer.json()["lines"] == 3, answer)
    report.check("lines_arrive", server.counts()["lines"] == before + 3)
    for name, path in (("no_source", "/ingest"), ("an_empty_source", "/ingest?source="),
                       ("a_long_source", "/ingest?source=" + "a" * 300)):
        answer = server.post(path, b"one\n")
        report.check(f"{name}_is_400", answer.status == 400 and "source" in answer.json()["detail"],
                     answer)
    for name, query in (("a_nul", "source=a%00b"), ("half_a_byte", "source=a%4"),
                        ("a_crowd", "source=a" + "&x=1" * 40)):
        answer = server.post("/ingest?" + query, b"one\n")
        report.check(f"{name}_in_the_query_is_400", answer.status == 400 and
                     "parameter" in answer.json()["detail"], answer)
    answer = server.post("/ingest?source=a", b"one\n", f"Idempotency-Key: {'k' * 2000}\n")
    report.check("a_key_that_is_too_long_is_400", answer.status == 400, answer)
    for status, code in ((2, 429), (3, 503), (4, 503), (5, 503)):
        server.post(f"/test/intake?status={status}", b"")
        answer = server.post("/ingest?source=web", b"one\n")
        report.check(f"what_is_not_stored_{status}_is_{code}", answer.status == code and
                     answer.headers.get("retry-after") == "3", answer)
    server.post("/test/intake?status=1", b"")
    answer = server.post("/ingest?source=web", b"one\n", "Idempotency-Key: a\n")
    report.check("what_is_known_is_200", answer.status == 200 and answer.json()["known"], answer)
    server.post("/test/intake?status=0", b"")


def main():
    report = Report()
    with Server(PROGRAM, "--host-name", "oddbox") as server:
        for check in (check_answers, check_threads, check_bodies, check_pieces, check_streams,
                      check_pipelining, check_forms, check_pages, check_ingest):
            check(report, server)
        connection = server.connect()  # It is still open when the server ends.
        report.check("it_ends_well_with_somebody_connected", server.end() == 0 and
                     server.seconds_to_end < 3, server.said)
        connection.close()
    check_tokens(report)
    check_tls(report)
    report.finish()


if __name__ == "__main__":
    main()
