# SPDX-License-Identifier: Apache-2.0
"""baselines.py - the usual ways to watch a model, as their papers tell them, for comparison.

Errors are 0 or 1, row by row; each gives the rows (from 1) at which it alarms.  Chunks of a column
are compared with its reference.
"""
import bisect
import math


def ddm(errors, least=30, level=3.0):
    """J. Gama et al., SBIA 2004: the share of errors exceeds its least by three deviations."""
    alarms, n, share, best = [], 0, 0.0, (1.0, 0.0)
    for row, error in enumerate(errors, 1):
        n += 1
        share += (error - share) / n
        deviation = math.sqrt(share * (1 - share) / n)
        if n < least:
            continue
        if share + deviation < sum(best):
            best = (share, deviation)
        if share + deviation > best[0] + level * best[1]:
            alarms.append(row)
            n, share, best = 0, 0.0, (1.0, 0.0)
    return alarms


def page_hinkley(errors, delta=0.005, level=50.0):
    """E. Page, Biometrika 41, 1954; D. Hinkley, 1971; the usual settings."""
    alarms, n, mean, total, least = [], 0, 0.0, 0.0, 0.0
    for row, error in enumerate(errors, 1):
        n += 1
        mean += (error - mean) / n
        total += error - mean - delta
        least = min(least, total)
        if total - least > level:
            alarms.append(row)
            n, mean, total, least = 0, 0.0, 0.0, 0.0
    return alarms


def cusum(errors, before, after, level):
    """E. Page, 1954, for a known share before and after."""
    more, less = math.log(after / before), math.log((1 - after) / (1 - before))
    alarms, money = [], 0.0
    for row, error in enumerate(errors, 1):
        money = max(0.0, money + (more if error else less))
        if money > level:
            alarms.append(row)
            money = 0.0
    return alarms


def always(errors, every=100):
    return list(range(every, len(errors) + 1, every))


def ks_chance(reference, rows):
    """P of the two-sample statistic of Kolmogorov and Smirnov; reference is sorted."""
    rows, n, m = sorted(rows), len(reference), len(rows)
    most = 0.0
    for value in rows[::max(1, m // 2000)]:
        low = bisect.bisect_right(reference, value) / n
        most = max(most, abs(low - bisect.bisect_right(rows, value) / m))
    size = math.sqrt(n * m / (n + m))
    lamb = (size + 0.12 + 0.11 / size) * most
    terms = (2 * (-1) ** (k - 1) * math.exp(-2 * (k * lamb) ** 2) for k in range(1, 101))
    return min(1.0, max(0.0, sum(terms))) if lamb > 0.2 else 1.0


def psi(reference, rows, bins=10):
    """The population stability index over tenths of the reference; reference is sorted."""
    edges = [reference[len(reference) * k // bins] for k in range(1, bins)]
    counts = [0] * bins
    for value in rows:
        counts[bisect.bisect_right(edges, value)] += 1
    shares = [max(count / len(rows), 1e-4) for count in counts]
    return sum((share - 1 / bins) * math.log(share * bins) for share in shares)


def by_chunks(reference, rows, chunk, fires):
    """The last row of each chunk for which fires(reference, chunk) is true."""
    return [at + chunk for at in range(0, len(rows) - chunk + 1, chunk)
            if fires(reference, rows[at:at + chunk])]
