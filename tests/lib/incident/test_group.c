/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "incident/group.h"

static Finding at_row(uint64_t row, double surprise, uint32_t number)
{
    return (Finding){.kind = FINDING_RARE,
                     .surprise = surprise,
                     .number = number,
                     .first = {.row = row, .sequence = row},
                     .last = {.row = row, .sequence = row}};
}

static void neighbours_are_told_by_the_oddest(void **state)
{
    (void)state;
    Finding findings[] = {at_row(100, 3, 0), at_row(102, 5, 1), at_row(900, 4, 2)};
    assert_int_equal(findings_group(findings, 3), 2);
    assert_int_equal(findings[0].first.row, 102);
    assert_int_equal(findings[0].neighbours, 1);
    assert_int_equal(findings[1].first.row, 900);
    assert_int_equal(findings[2].group, findings[0].group);
}

static void rows_of_two_files_are_no_neighbours(void **state)
{
    (void)state;
    Finding findings[] = {at_row(100, 3, 0), at_row(101, 5, 1)};
    findings[1].first.source = 1;
    assert_int_equal(findings_group(findings, 2), 2);
}

static void a_rate_does_not_join_a_line(void **state)
{
    (void)state;
    Finding findings[] = {at_row(100, 3, 0), at_row(101, 5, 1)};
    findings[1].kind = FINDING_BURST;
    assert_int_equal(findings_group(findings, 2), 2);
}

static void rates_that_fall_together_are_told_once(void **state)
{
    (void)state;
    Finding findings[] = {at_row(100, 3, 0), at_row(100, 5, 1), at_row(100, 4, 2)};
    findings[0].kind = FINDING_LESS;
    findings[1].kind = FINDING_SILENT;
    findings[2].kind = FINDING_BURST;
    assert_int_equal(findings_group(findings, 3), 2);
    assert_int_equal(findings[0].kind, FINDING_SILENT);
    assert_int_equal(findings[0].neighbours, 1);
}

static void series_that_change_together_are_told_once(void **state)
{
    (void)state;
    Finding findings[] = {at_row(900, 3, 0), at_row(100, 5, 1), at_row(100, 4, 2)};
    for (int i = 0; i < 3; i++) {
        findings[i].kind = i == 0 ? FINDING_HIGH : FINDING_LEVEL;
        findings[i].moment = i == 2 ? 50 : 10 + (uint64_t)i;
    }
    assert_int_equal(findings_group(findings, 3), 2);
    assert_int_equal(findings[0].kind, FINDING_LEVEL);
    assert_int_equal(findings[0].neighbours, 1);
    assert_int_equal(findings[1].moment, 50);
}

static void sessions_that_are_odd_in_the_same_way_are_told_once(void **state)
{
    (void)state;
    Finding findings[] = {at_row(1, 3, 0), at_row(500, 5, 1), at_row(900, 4, 2)};
    for (int i = 0; i < 3; i++)
        findings[i].kind = FINDING_SESSION;
    findings[2].signal = 7;
    assert_int_equal(findings_group(findings, 3), 2);
    assert_int_equal(findings[0].first.row, 500);
    assert_int_equal(findings[0].neighbours, 1);
}

static void a_long_odd_stretch_is_cut_into_groups(void **state)
{
    (void)state;
    Finding findings[3 * GROUP_LINES_MAX];
    for (uint32_t i = 0; i < 3 * GROUP_LINES_MAX; i++)
        findings[i] = at_row(1 + i, 3, i);
    assert_int_equal(findings_group(findings, 3 * GROUP_LINES_MAX), 3);
}

static void the_order_of_the_input_does_not_matter(void **state)
{
    (void)state;
    enum { COUNT = 40 };
    for (uint64_t seed = 0; seed < 1000; seed++) {
        Finding sorted[COUNT], shuffled[COUNT];
        for (uint32_t i = 0; i < COUNT; i++)
            sorted[i] = at_row(hash_add(seed, i) % 200, (double)(hash_add(~seed, i) % 5), i);
        memcpy(shuffled, sorted, sizeof sorted);
        for (uint32_t i = COUNT - 1; i > 0; i--) {
            uint32_t j = (uint32_t)(hash_add(seed + 7, i) % (i + 1));
            Finding kept = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = kept;
        }
        size_t a = findings_group(sorted, COUNT), b = findings_group(shuffled, COUNT);
        if (a != b || memcmp(sorted, shuffled, sizeof sorted) != 0)
            fail_msg("seed %llu", (unsigned long long)seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_are_told_by_the_oddest),
        cmocka_unit_test(rows_of_two_files_are_no_neighbours),
        cmocka_unit_test(a_rate_does_not_join_a_line),
        cmocka_unit_test(rates_that_fall_together_are_told_once),
        cmocka_unit_test(series_that_change_together_are_told_once),
        cmocka_unit_test(sessions_that_are_odd_in_the_same_way_are_told_once),
        cmocka_unit_test(a_long_odd_stretch_is_cut_into_groups),
        cmocka_unit_test(the_order_of_the_input_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
