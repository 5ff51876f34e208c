# SPDX-License-Identifier: Apache-2.0
"""simulated.py - weeks of a made company: what bench/sim prints, summed up by sort of fault."""
import csv
import io
import statistics
import subprocess

from table import Table

DAYS_A_WEEK = 7
SUSPECT_COUNTS = (100, 1000, 10000)


def rows_of(program, first_seed, weeks):
    words = [program, str(first_seed), str(weeks)]
    text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return list(csv.DictReader(io.StringIO(text)))


def total(rows, column):
    return sum(int(row[column]) for row in rows)


def share(part, whole):
    return part / whole if whole else None


def of_faults(faults):
    """The figures of a row: of all faults of one sort, or of all."""
    found = [row for row in faults if row["found"] == "1"]
    incidents = total(faults, "incidents")
    return [len(faults), share(len(found), len(faults)),
            share(total(faults, "by_chance"), total(faults, "chances")),
            statistics.median(int(row["minutes"]) for row in found) if found else None,
            share(incidents, len(found)), share(total(faults, "findings"), incidents),
            share(total(faults, "right"), incidents), share(total(faults, "named"), incidents),
            share(total(faults, "right_first"), incidents)]


def of_explanations(faults, weeks, days):
    table = Table("sim_grouping", "Simulated weeks: incidents by what hangs together, and by time",
                  ["grouped", "incidents a fault", "findings each", "first suspect right",
                   "false a day", "mixed a day"])
    found = sum(row["found"] == "1" for row in faults)
    for name, prefix, suspect, false in (
            ("ours", "", "right", "incidents"), ("within 5 minutes", "time_", "time_right",
                                                 "time_incidents")):
        incidents = total(faults, prefix + "incidents")
        table.row(name, share(incidents, found),
                  share(total(faults, prefix + "findings"), incidents),
                  share(total(faults, suspect), incidents), total(weeks, false) / days,
                  total(weeks, prefix + "mixed") / days)
    table.note("By time: each finding within five minutes of the one before, and its first finding "
               "is the suspect.  Mixed: of two faults, or of one and of none.")
    return table


def of_speed(program):
    """As if all signals of a large house were odd at once."""
    table = Table("sim_suspects", "Ranking the suspects of one incident, milliseconds of a core",
                  ["suspects", "ours", "sorted by distance alone"])
    for count in SUSPECT_COUNTS:
        text = subprocess.run([program, str(count)], check=True, capture_output=True, text=True)
        table.row(count, *map(float, text.stdout.split(",")))
    return table


def tables(program, first_seed, weeks):
    rows = rows_of(program, first_seed, weeks)
    faults = [row for row in rows if row["row"] == "fault"]
    sums = [row for row in rows if row["row"] == "week"]
    days = DAYS_A_WEEK * len(sums)
    table = Table("sim", f"Simulated weeks: {len(sums)} from seed {first_seed} on, each with every "
                  "fault once", ["fault", "faults", "found", "by chance", "minutes",
                                 "incidents", "findings", "right", "or named", "by time"])
    for sort in sorted({row["sort"] for row in faults}):
        table.row(sort, *of_faults([row for row in faults if row["sort"] == sort]))
    table.row("all", *of_faults(faults))
    early = total(sums, "early_incidents")
    false = total(sums, "incidents")
    table.note(f"False incidents a day: {false / days:.2f}, in the first two days "
               f"{early / (2 * len(sums)):.2f}, then {(false - early) / (5 * len(sums)):.2f}.")
    table.note("Found: told before it ended, of a place that it reaches.  By chance: days with a "
               "false finding of the same places at the same time of the day.  Minutes: median.  "
               "Incidents of a fault, findings of an incident.  Right: of all incidents of faults, "
               "those whose first suspect is of the service or the machine where it began, or is "
               "the change that began it; or named: or its sentence names that.  By time: those "
               "whose earliest finding is of there.")
    return [table, of_explanations(faults, sums, days)]
