# SPDX-License-Identifier: Apache-2.0
"""mailbox.py - a mail server that keeps what it is given: (who sends, to whom, the message)."""
import email
import email.policy
import socketserver
import threading

GOOD = {"EHLO": "250-here\r\n250 8BITMIME", "MAIL": "250 ok", "RSET": "250 ok", "QUIT": "221 bye"}


class Mailbox:
    """`not_yet` first messages are said to be for later; to `unknown` nobody is."""

    def __init__(self, not_yet=0, unknown=""):
        self.got, self.turned_away = [], 0
        box = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, line):
                self.wfile.write(line.encode() + b"\r\n")

            def data(self):
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line[1:] if line.startswith(b".") else line)
                return b"".join(lines)

            def take(self, sender, receivers):
                self.say("354 go on")
                message = email.message_from_bytes(self.data(), policy=email.policy.default)
                if box.turned_away < not_yet:
                    box.turned_away += 1
                    self.say("451 not yet")
                else:
                    box.got.append((sender, receivers, message))
                    self.say("250 taken")

            def handle(self):
                sender, receivers = "", []
                self.say("220 here")
                for line in map(bytes.decode, self.rfile):
                    word, rest = line[:4].upper(), line[line.find("<") + 1:line.find(">")]
                    if word == "DATA":
                        self.take(sender, receivers)
                    elif word == "RCPT" and rest != unknown:
                        receivers.append(rest)
                        self.say("250 ok")
                    elif word == "MAIL":
                        sender, receivers = rest, []
                        self.say(GOOD[word])
                    else:
                        self.say(GOOD.get(word, "550 unknown"))
                    if word == "QUIT":
                        return

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"smtp://127.0.0.1:{self.server.server_address[1]}"
