/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <oddball.h>

#define MINUTE 60000000000LL

static double wave(int i)
{
    return 100 + 5 * ((i * 7919) % 17) / 17.0;
}

static void put_clean(odd_series *series, int first, int end)
{
    for (int i = first; i < end; i++)
        odd_series_put(series, i * MINUTE, wave(i), NULL);
}

static void what_is_far_from_usual_is_odd_and_what_is_usual_is_not(void **state)
{
    (void)state;
    odd_series *series;
    assert_int_equal(odd_series_open(NULL, &series), ODD_OK);
    put_clean(series, 0, 2000);
    odd_judgement usual, odd;
    odd_series_score(series, 2000 * MINUTE, wave(2000), &usual);
    odd_series_score(series, 2000 * MINUTE, 500, &odd);
    assert_true(usual.surprise < 2);
    assert_true(odd.surprise >= 3);
    assert_true(odd.effect > 10);
    assert_true(odd.lower <= odd.expected && odd.expected <= odd.upper && odd.upper < 500);
    assert_string_equal(odd.reason, "high");
    odd_series_close(series);
}

static void what_is_missing_has_no_surprise(void **state)
{
    (void)state;
    odd_series *series;
    odd_judgement judgement;
    assert_int_equal(odd_series_open(NULL, &series), ODD_OK);
    put_clean(series, 0, 500);
    odd_series_put(series, 500 * MINUTE, NAN, &judgement);
    assert_true(judgement.surprise == 0 && judgement.alarm == 0);
    odd_series_put(series, 501 * MINUTE, INFINITY, &judgement);
    assert_true(judgement.surprise == 0);
    odd_series_close(series);
}

static void a_restored_series_goes_on_as_if_nothing_had_been(void **state)
{
    (void)state;
    odd_series *series, *restored;
    odd_series_open(NULL, &series);
    odd_series_open(NULL, &restored);
    put_clean(series, 0, 700);
    const void *bytes;
    size_t size;
    assert_int_equal(odd_series_snapshot(series, &bytes, &size), ODD_OK);
    assert_int_equal(odd_series_restore(restored, bytes, size), ODD_OK);
    for (int i = 700; i < 900; i++) {
        odd_judgement one, other;
        odd_series_put(series, i * MINUTE, wave(i) * (1 + i % 50 / 49), &one);
        odd_series_put(restored, i * MINUTE, wave(i) * (1 + i % 50 / 49), &other);
        assert_true(one.surprise == other.surprise && one.alarm == other.alarm);
    }
    odd_series_close(series);
    odd_series_close(restored);
}

static void a_damaged_snapshot_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    odd_series *series;
    odd_series_open(NULL, &series);
    put_clean(series, 0, 300);
    odd_judgement before, after;
    odd_series_score(series, 300 * MINUTE, 110, &before);
    const void *bytes;
    size_t size;
    odd_series_snapshot(series, &bytes, &size);
    char *copy = malloc(size);
    for (size_t at = 0; at < size; at += 7) {
        memcpy(copy, bytes, size);
        copy[at] = (char)(copy[at] ^ 4);
        assert_int_not_equal(odd_series_restore(series, copy, size), ODD_OK);
    }
    assert_int_equal(odd_series_restore(series, bytes, size - 1), ODD_CORRUPT);
    assert_int_equal(odd_series_restore(series, bytes, 0), ODD_CORRUPT);
    odd_series_score(series, 300 * MINUTE, 110, &after);
    assert_true(before.surprise == after.surprise);
    free(copy);
    odd_series_close(series);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_far_from_usual_is_odd_and_what_is_usual_is_not),
        cmocka_unit_test(what_is_missing_has_no_surprise),
        cmocka_unit_test(a_restored_series_goes_on_as_if_nothing_had_been),
        cmocka_unit_test(a_damaged_snapshot_is_refused_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
