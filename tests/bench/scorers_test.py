#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scorers_test.py - the smaller scorers of metric series, on cases counted by hand, and what they
read of a program: scorers_test.py PROGRAM.

PROGRAM is where the programs of bench/ are beside; what is watched here is stand_in.py.
"""
import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / "bench/figures"), str(ROOT / "tests/tools")]
import clean  # noqa: E402
import petshop  # noqa: E402
import skab  # noqa: E402
import smd  # noqa: E402
import watched  # noqa: E402
from report import Report  # noqa: E402

STAND_IN = HERE / "stand_in.py"
NEAR = 1e-9


def near(value, expected):
    return math.isclose(value, expected, rel_tol=NEAR, abs_tol=NEAR)


def check_what_is_read(report):
    told = watched.score_all(STAND_IN, {"timestamp": ["0", "60", "120"]},
                             {"a": ["1", "3", "3"], "b": ["0", "", "5"]})
    report.check("each_column_has_a_figure_for_each_row",
                 told == {"a": ([0, 2, 0], [0, 4, 0]), "b": ([0, 0, 0], [0, 0, 0])}, told)
    told = watched.score_one(STAND_IN, ("index", "value"), (["0", "1"], ["4", "1"]))
    report.check("one_series_has_one_answer", told == ([0, 3], [0, 6]), told)
    try:
        watched.score(STAND_IN, ("value", "label"), (["1"], ["0"]))
        report.check("a_label_that_is_told_is_an_error", False)
    except RuntimeError:
        report.check("a_label_that_is_told_is_an_error", True)
    names = {"cpu|user", "user", "load"}
    report.check("a_signal_is_known_by_its_column_or_a_longer_name",
                 [watched.column_of(name, names) for name in ("load", "f.csv:cpu|user", "disk")] ==
                 ["load", "cpu|user", None])


def check_baselines(report, program):
    values = ["1", "3", "1", "3", "9", "9"]
    report.check("a_z_score_sees_the_values_before_alone",
                 watched.simple(program, "zscore", 4, values=values)[4] == 7)
    report.check("a_window_that_does_not_move_keeps_its_mean",
                 watched.simple(program, "zscore", 4, 9, values=values)[4:] == [7, 7])
    report.check("a_naive_forecast_is_one_period_old",
                 watched.simple(program, "naive", 2, values=values) == [0, 0, 0, 0, 8, 6])
    wave = [f"{math.sin(2 * math.pi * row / 40) + 0.3 * math.cos(2 * math.pi * row / 20):.9f}"
            for row in range(4000)]
    report.check("a_period_is_found", watched.period(program, wave) == 40)
    report.check("where_there_is_none_it_is_125",
                 watched.period(program, [str(row) for row in range(500)]) == 125)
    check_profile(report, program)
    report.check("a_tail_is_two_sided", near(watched.tail(1.959963984540054), -math.log10(0.05)))
    report.check("a_tail_goes_on_where_the_chance_is_no_number",
                 watched.tail(38.5) < watched.tail(39) < watched.tail(60))
    alarms = watched.above_envelope([1, 8, 8, 2, 8], 1)
    report.check("an_envelope_follows_at_once_and_halves", alarms == [1, 7, 0, 0, 4], alarms)
    report.check("a_static_distance_is_from_the_first_values",
                 watched.static([1.0, 3.0, 4.0], 2) == [1, 1, 2])


def slow_profile(values, length, row):
    """The distance of the window that ends at `row` from the nearest one before."""
    def normal(first):
        window = values[first:first + length]
        mean = sum(window) / length
        deviation = math.sqrt(sum((value - mean) ** 2 for value in window) / length)
        return [(value - mean) / deviation if deviation else 0.0 for value in window]
    own = normal(row + 1 - length)
    return min(math.dist(own, normal(first))
               for first in range(row + 1 - length - (length + 3) // 4))


def check_profile(report, program):
    values = [round(math.sin(row / 3) + (row * 7919 % 13) / 20, 6) for row in range(300)]
    told = watched.simple(program, "profile", 16, values=list(map(str, values)))
    rows = (40, 123, 299)
    expected = [slow_profile(values, 16, row) for row in rows]
    report.check("a_left_matrix_profile_is_that_of_all_windows_before",
                 all(abs(told[row] - value) < 1e-6
                     for row, value in zip(rows, expected, strict=True)),
                 f"{[told[row] for row in rows]}, {expected}")


def check_skab(report):
    report.check("an_alarm_at_the_change_is_worth_1", near(skab.curve(0, -0.11), 1))
    report.check("an_alarm_at_the_end_of_the_window_costs_as_a_wrong_one",
                 near(skab.curve(1, -0.11), -0.11))
    windows = skab.windows_of([100, 110, 300])
    report.check("windows_that_meet_are_cut_on_the_right",
                 windows == [[100, 130], [130, 140], [300, 330]], windows)
    value = skab.score(windows, [50, 100, 101, 300], -0.11, -1)
    report.check("a_first_alarm_counts_others_inside_do_not_and_outside_costs",
                 near(value, 1 - 1 + 1 - 0.11), value)
    run = ([0.0, 1.0, 2.0, 3.0], [False, True, True, False], [1.0],
           {"x": ([0, 4, 0, 4], [0, 5, 0, 0])})
    found, count = skab.changes_found([run], "x", 3)
    report.check("all_changes_at_once_are_100",
                 count == 1 and all(near(value, 100) for value in found.values()), found)
    silent, _ = skab.changes_found([run], "x", 9)
    report.check("silence_about_changes_is_0", all(near(value, 0) for value in silent.values()))
    report.check("outliers_are_counted_row_by_row",
                 skab.outliers([run], "x", 3) == (0.5, 0.5, 0.5))


def check_smd(report):
    surprises = {"a": [9, 0, 0], "b": [1, 2, 0], "c": [0, 1, 3], "d": [0, 0, 1], "e": [0, 0, 0],
                 "f": [0, 0, 0]}
    report.check("a_row_is_the_mean_of_its_largest_surprises",
                 smd.combined(surprises) == [2, 3 / 5, 4 / 5], smd.combined(surprises))
    told = [(0, 2, {"a", "c"}), (2, 3, {"c"})]
    report.check("a_hit_is_a_metric_among_as_many_as_there_are",
                 smd.hit_rate(surprises, told, 100) == 0.75)
    report.check("with_half_as_many_again_more_are_hit",
                 smd.hit_rate(surprises, told, 150) == 1)


def check_petshop(report):
    report.check("a_deviation_is_in_units_of_the_quartiles",
                 petshop.deviation([1, 2, 3, 4, 5], [3, 9]) == 3)
    report.check("a_constant_has_the_unit_1", petshop.deviation([7, 7], [4]) == 3)
    nodes = petshop.strongest([("x|latency|p50", 1), ("x|latency|p99", 5), ("y|requests|Sum", 5),
                               ("z|latency|p50", 2)])
    report.check("a_node_is_as_odd_as_its_oddest_metric", nodes == {"x": 5, "y": 5, "z": 2})
    report.check("who_ties_is_ahead",
                 [petshop.rank(nodes, name) for name in "xyzw"] == [2, 2, 3, None])
    report.check("top_k_and_their_mean_are_counted",
                 petshop.figures([1, 4, None, 2]) == (0.25, 0.5, (0.25 + 0.5 + 0.5 + 1.5) / 5))
    normal = {petshop.TIME: ["0", "1"], "x|latency|p50": ["1", "1"], "y|latency|p50": ["", "2"]}
    issue = {petshop.TIME: ["9"], "x|latency|p50": ["4"], "y|latency|p50": ["3"]}
    told = petshop.by_program(STAND_IN, normal, issue)
    report.check("findings_of_the_program_rank_nodes", told == {"x": -1, "y": -2}, told)


def check_clean(report):
    for name in clean.CLASSES:
        values = clean.made(name, 1)
        report.check(f"clean_series_are_made_again_the_same_{name.replace(' ', '_')}",
                     values == clean.made(name, 1) != clean.made(name, 2) and
                     len(values) == clean.ROWS and all(map(math.isfinite, values)))
    counter = clean.made("counter with resets", 1)
    resets = sum(after < before for before, after in zip(counter, counter[1:]))
    report.check("a_counter_is_reset_now_and_then", 2 <= resets <= 15, resets)
    steps = clean.made("constant with steps", 1)
    report.check("a_constant_steps_rarely",
                 1 <= sum(after != before for before, after in zip(steps, steps[1:])) <= 15)
    odd = clean.count_odd([9.0] * clean.WARM_UP + [0, 2.5, 3.5, 4.5])
    report.check("rows_are_counted_after_the_warm_up", odd == (4, 3, 2, 1), odd)


def main(program):
    report = Report()
    check_what_is_read(report)
    check_baselines(report, program)
    check_skab(report)
    check_smd(report)
    check_petshop(report)
    check_clean(report)
    report.finish()


if __name__ == "__main__":
    main(sys.argv[1])
