#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""encrypted.py - OTLP over gRPC off loopback: by TLS, with a token, with and without certificates
of clients, and what is no TLS.

    encrypted.py PROGRAM
"""
import shutil
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from program import Program, free_port  # noqa: E402
from report import Report  # noqa: E402

METHOD = "opentelemetry.proto.collector.logs.v1.LogsService/Export"
TOKEN = "t0ken-of-the-test"
RENEW_S = 10
GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(3) + b"\x04" + bytes(5)  # Empty settings.


def field(number, value):
    """A field of protobuf with bytes."""
    size, head = len(value), bytearray([number << 3 | 2])
    while size > 127:
        head.append(size & 127 | 128)
        size >>= 7
    return bytes(head) + bytes([size]) + value


def one_line(text):
    """An ExportLogsServiceRequest: resource_logs, scope_logs, log_records, body, string_value."""
    return field(1, field(2, field(2, field(5, field(1, text.encode())))))


def certify(folder, name, authority=None):
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    signer = ["-CA", authority[0], "-CAkey", authority[1]] if authority else []
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj",
                    f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", *signer,
                    "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL)
    key.chmod(0o600)
    return certificate, key


class Server(Program):
    """Listens for gRPC on all addresses, with TLS."""

    def __init__(self, path, *flags):
        super().__init__(path)
        self.port = free_port()
        self.pair = certify(self.folder, "server")
        token = self.folder / "token"
        token.write_text(TOKEN + "\n")
        token.chmod(0o600)
        self.flags += ["--otlp-grpc", f"0.0.0.0:{self.port}", "--tls-certificate",
                       str(self.pair[0]), "--tls-key", str(self.pair[1]), "--token-file",
                       str(token), *flags]

    def export(self, text, *words, token=TOKEN, scheme="https"):
        """curl's answer to an export of one line: (status of gRPC, or None, all that it said)."""
        message = one_line(text)
        body = self.folder / "body"
        body.write_bytes(b"\0" + len(message).to_bytes(4, "big") + message)
        secret = ["-H", f"Authorization: Bearer {token}"] if token else []
        http2 = "--http2" if scheme == "https" else "--http2-prior-knowledge"
        done = subprocess.run(
            ["curl", "-sv", http2, "--max-time", "20", "--cacert", self.pair[0], "-H",
             "Content-Type: application/grpc", "-H", "TE: trailers", *secret, *words,
             "--data-binary", f"@{body}", "-o", "/dev/null",
             f"{scheme}://localhost:{self.port}/{METHOD}"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        said = done.stderr.decode(errors="replace")
        status = [row for row in said.splitlines() if "grpc-status: " in row]
        return (int(status[-1].split("grpc-status: ")[1]) if status else None), said

    def serial(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(["h2"])
        with socket.create_connection(("127.0.0.1", self.port), 5) as plain, \
                context.wrap_socket(plain) as wrapped:
            return wrapped.getpeercert(True)


def it_is_spoken(report, path):
    with Server(path) as server:
        status, said = server.export("over tls")
        report.check("an_export_over_tls_is_taken", status == 0 and "TLSv1.3" in said, said)
        row = server.wait("SELECT count(*) FROM logs WHERE text = 'over tls'", lambda row: row[0])
        report.check("and_stored", row == [1], row)
        for secret in (None, "wrong"):
            status, said = server.export("nobody", token=secret)
            report.check(f"{'a_wrong' if secret else 'no'}_token_is_unauthenticated", status == 16,
                         said)
        big = "x" * 3000 + "\n"
        status, said = server.export(big * 1000)
        report.check("three_megabytes_in_a_call_are_taken", status == 0, said)
        status, said = server.export("in the clear", scheme="http")
        report.check("in_the_clear_nothing_is_answered", status is None, said)
        status, said = server.export("old", "--tlsv1.1", "--tls-max", "1.1")
        report.check("an_old_version_is_refused", status is None and "SSL" in said, said)
        status, said = server.export("not h2", "--no-alpn")
        report.check("who_speaks_http_1_inside_gets_nothing", status is None, said)


def ends(connection, seconds):
    """Whether it is closed by then, with an alert of TLS at most."""
    connection.settimeout(seconds)
    try:
        said = connection.recv(100)
        return said == b"" or (said[:1] == b"\x15" and connection.recv(100) == b"")
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def odd_clients_hurt_nobody(report, path):
    with Server(path) as server:
        silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
        torn = socket.create_connection(("127.0.0.1", server.port))
        torn.sendall(b"\x16\x03\x01\x02\x00\x01")
        clear = socket.create_connection(("127.0.0.1", server.port))
        clear.sendall(GREETING)
        before = cpu_s(server)
        time.sleep(2)
        status, said = server.export("others")
        report.check("others_are_served_beside_silent_and_torn_handshakes", status == 0, said)
        report.check("a_handshake_that_waits_takes_no_time", cpu_s(server) - before < 1,
                     cpu_s(server) - before)
        report.check("what_is_no_tls_is_closed", ends(clear, 5))
        report.check("a_silent_one_is_closed_in_time", ends(silent[0], 15))
        for one in (*silent, torn, clear):
            one.close()


def cpu_s(server):
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def clients_may_need_a_certificate(report, path):
    folder = Program(path).folder
    authority = certify(folder, "authority")
    client = certify(folder, "client", authority)
    with Server(path, "--tls-client-ca", str(authority[0])) as server:
        status, said = server.export("certified", "--cert", str(client[0]), "--key",
                                     str(client[1]))
        report.check("a_certified_client_is_taken", status == 0, said)
        status, said = server.export("anybody")
        report.check("who_has_no_certificate_is_sent_away", status is None, said)
        status, said = server.export("self-made", "--cert", str(server.pair[0]), "--key",
                                     str(server.pair[1]))
        report.check("who_made_it_himself_too", status is None, said)
    shutil.rmtree(folder)


def who_only_takes_needs_no_second_token(report, path):
    folder = Program(path).folder
    token = folder / "sending"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    with Program(path, "--otlp-http", f"0.0.0.0:{free_port()}", "--otlp-grpc",
                 f"0.0.0.0:{free_port()}", "--ingest-token-file", str(token)) as server:
        report.check("with_a_token_for_sending_alone_otlp_may_be_taken_from_others",
                     server.ask("/healthz") is not None)
    shutil.rmtree(folder)


def it_is_renewed_at_work(report, path):
    with Server(path) as server:
        before = server.serial()
        certify(server.folder, "server")
        until = time.monotonic() + RENEW_S
        while server.serial() == before and time.monotonic() < until:
            time.sleep(0.2)
        report.check("a_new_certificate_is_used_without_a_restart", server.serial() != before)
        server.pair[0].write_text("torn")
        time.sleep(0.5)
        report.check("a_torn_one_changes_nothing", server.serial() != before)


def main():
    report = Report()
    path = sys.argv[1]
    if shutil.which("openssl") is None or shutil.which("curl") is None:
        report.skip("tls_of_grpc", "no openssl or curl")
    else:
        it_is_spoken(report, path)
        odd_clients_hurt_nobody(report, path)
        clients_may_need_a_certificate(report, path)
        who_only_takes_needs_no_second_token(report, path)
        it_is_renewed_at_work(report, path)
    report.finish()


if __name__ == "__main__":
    main()
