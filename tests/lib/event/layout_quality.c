/* SPDX-License-Identifier: Apache-2.0
 *
 * layout_quality.c - the messages that layouts leave of the Loghub 2k sets, against floors.
 *
 * The floors are what was reached when they were written; the shares are printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loghub.h"

#define SKIPPED 77 /* What meson calls a skipped test. */

static double floor_of(const char *set)
{
    if (strcmp(set, "Thunderbird") == 0)
        return 0.99; /* Seven messages of its kernel have no tag but what is published as one. */
    return 0.999;
}

static void messages_of_raw_lines_are_the_published_ones(void **state)
{
    (void)state;
    static Loghub loghub;
    for (size_t i = 0; i < LOGHUB_SET_COUNT; i++) {
        assert_true(loghub_open(loghub_sets[i], &loghub));
        double share = loghub_share(&loghub, true, 0, 0);
        print_message("%-12s %.4f\n", loghub_sets[i], share);
        assert_true(share >= floor_of(loghub_sets[i]));
        loghub_close(&loghub);
    }
}

static void messages_alone_stay_whole_wherever_the_sample_is_taken(void **state)
{
    (void)state;
    static Loghub loghub;
    for (size_t i = 0; i < LOGHUB_SET_COUNT; i++) {
        assert_true(loghub_open(loghub_sets[i], &loghub));
        for (size_t row = 0; row < loghub.count; row += 200) {
            double share = loghub_share(&loghub, false, row, 0);
            print_message("%-12s from row %zu: %.4f\n", loghub_sets[i], row, share);
            assert_true(share >= 0.999);
        }
        loghub_close(&loghub);
    }
}

int main(void)
{
    static Loghub loghub;
    if (!loghub_open(loghub_sets[0], &loghub)) {
        print_message("skipped: no data\n");
        return SKIPPED;
    }
    loghub_close(&loghub);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_of_raw_lines_are_the_published_ones),
        cmocka_unit_test(messages_alone_stay_whole_wherever_the_sample_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
