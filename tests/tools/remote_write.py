# SPDX-License-Identifier: Apache-2.0
"""remote_write.py - bodies as Prometheus writes them (remote write 1.0), without its library."""
import struct

HEADERS = {"Content_Type": "application/x-protobuf", "Content_Encoding": "snappy"}


def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 0x7f:
        out.append(number & 0x7f | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def snappy(body):
    """As one literal after the other: larger than it need be, and right."""
    out = bytearray(varint(len(body)))
    for at in range(0, len(body), 65536):
        part = body[at:at + 65536]
        out += bytes([61 << 2]) + struct.pack("<H", len(part) - 1) + part
    return bytes(out)


def series(labels, samples):
    """labels: {"__name__": ..., ...}; samples: [(time in ms, value), ...]"""
    out = b""
    for name, value in sorted(labels.items()):
        out += field(1, field(1, name.encode()) + field(2, value.encode()))
    for time_ms, value in samples:
        out += field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(time_ms))
    return field(1, out)


def body(all_series):
    return snappy(b"".join(series(labels, samples) for labels, samples in all_series))
