# SPDX-License-Identifier: Apache-2.0
"""planted.py - a log of a service in which something is odd, the same from the same seed."""


def service_log(rng, minutes, error, before_end):
    """So many minutes, with an error that never was so long before their end, and a burst."""
    rows = []
    for minute in range(minutes):
        for second in range(60):
            stamp = f"2026-11-20T{10 + minute // 60:02}:{minute % 60:02}:{second:02}Z"
            for _ in range(3):
                rows.append(f"{stamp} INFO served {rng.randrange(10**6)} in {rng.randrange(90)} ms")
            if minute == minutes - 5 and second < 20:
                rows += [f"{stamp} WARN retry of upstream {n}" for n in range(20)]
        if minute == minutes - before_end:
            rows.append(f"{stamp} ERROR {error}")
    return "".join(row + "\n" for row in rows).encode()
