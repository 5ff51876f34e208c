# SPDX-License-Identifier: Apache-2.0
"""answers.py - what answers of simulated operators are worth: what bench/ask prints, summed up."""
from simulated import rows_of, share, total
from table import Table

WEEKS = 4


def of_way(rows):
    """The figures of a row of the table: of all lives with one way to ask."""
    shown, real = total(rows, "shown_real"), total(rows, "real")
    return [total(rows, "answers") / len(rows), share(shown, total(rows, "shown")),
            share(shown, real), share(total(rows, "found"), total(rows, "faults")),
            total(rows, "shown") / (7 * len(rows))]


def tables(program, first_seed, lives):
    rows = rows_of(program, first_seed, lives)
    ways = {}
    for row in rows:
        ways.setdefault((row["way"], int(row["a_day"])), []).append(row)
    table = Table("ask", f"Answers of an operator: {lives} lives of {WEEKS} weeks from seed "
                  f"{first_seed} on, as the last week shows them",
                  ["asked", "a day", "answers", "precision", "real shown", "faults shown",
                   "shown a day"])
    for (way, a_day), of in ways.items():
        table.row(way, a_day, *of_way(of))
    ours = ways["oddball ask", 1]
    table.note("The last week: of the findings that are shown, how many are of a fault "
               "(precision); of those that are of a fault, how many are shown; of the faults that "
               "were found, those with a finding that is shown.  Like: what is expected is said of "
               "all that is alike (--scope like), if none of four others of it is real; signal: as "
               "`mark` does it.  Random, oldest and oddest: of the findings that are shown and not "
               "answered.")
    table.note(f"Of the questions of `oddball ask`, one a day, those by chance: "
               f"{total(ours, 'chance_answers')} answers, of which "
               f"{share(total(ours, 'chance_real'), total(ours, 'chance_answers')) or 0:.2f} are "
               f"real; of all findings that were shown in {WEEKS} weeks "
               f"{share(total(ours, 'told_real'), total(ours, 'told')):.2f} are.")
    return [table]
