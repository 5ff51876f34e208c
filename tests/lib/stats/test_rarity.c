/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/rng.h"
#include "stats/rarity.h"

#define PATTERN_COUNT_MAX 4096

typedef struct {
    RarityPattern patterns[PATTERN_COUNT_MAX];
    Rarity        rarities[PATTERN_COUNT_MAX];
    size_t        count;
    uint64_t      row; /* Of the last line added. */
} File;

/* Patterns that come all through the file, `lines` each. */
static void add_regular(File *file, int patterns, uint64_t lines, uint8_t severity)
{
    uint64_t first = file->row + 1;
    file->row += (uint64_t)patterns * lines;
    for (int i = 0; i < patterns; i++)
        file->patterns[file->count++] = (RarityPattern){lines, first, file->row, severity};
}

static double surprise_of(File *file, RarityPattern p)
{
    file->patterns[file->count] = p;
    size_t count = file->count + 1;
    void *scratch = malloc(rarity_scratch_bytes(count));
    rarity_score(file->patterns, count, scratch, file->rarities);
    free(scratch);
    return file->rarities[file->count].surprise;
}

static RarityPattern one_line(uint64_t row, uint8_t severity)
{
    return (RarityPattern){1, row, row, severity};
}

static int reported(const File *file)
{
    int odd = 0;
    for (size_t i = 0; i <= file->count; i++)
        odd += file->rarities[i].surprise >= 3;
    return odd;
}

static void one_line_that_never_repeats_among_2000_is_odd(void **state)
{
    (void)state;
    File file = {.count = 0};
    add_regular(&file, 10, 200, SEVERITY_PLAIN);
    assert_true(surprise_of(&file, one_line(1000, SEVERITY_PLAIN)) >= 3);
    assert_int_equal(reported(&file), 1);
}

static void one_error_among_2000_is_odder_than_a_plain_line(void **state)
{
    (void)state;
    File file = {.count = 0};
    add_regular(&file, 10, 200, SEVERITY_PLAIN);
    double plain = surprise_of(&file, one_line(1000, SEVERITY_PLAIN));
    double warning = surprise_of(&file, one_line(1000, SEVERITY_WARNING));
    double error = surprise_of(&file, one_line(1000, SEVERITY_ERROR));
    double fatal = surprise_of(&file, one_line(1000, SEVERITY_FATAL));
    assert_true(plain < warning && warning < error && error < fatal);
}

static void nothing_is_odd_by_rarity_in_20_lines(void **state)
{
    (void)state;
    File file = {.count = 0};
    add_regular(&file, 1, 19, SEVERITY_PLAIN);
    assert_true(surprise_of(&file, one_line(7, SEVERITY_PLAIN)) < 2);
}

static void an_error_among_300_plain_lines_is_odd(void **state)
{
    (void)state;
    File file = {.count = 0};
    add_regular(&file, 6, 50, SEVERITY_PLAIN);
    assert_true(surprise_of(&file, one_line(150, SEVERITY_ERROR)) >= 3);
    assert_int_equal(reported(&file), 1);
}

static void where_errors_are_everyday_one_more_kind_is_no_news(void **state)
{
    (void)state;
    File file = {.count = 0};
    for (int i = 0; i < 100; i++)
        add_regular(&file, 1, 3, SEVERITY_ERROR);
    assert_true(surprise_of(&file, one_line(150, SEVERITY_ERROR)) < 3);
    assert_int_equal(reported(&file), 0);
}

static void a_file_whose_patterns_are_half_singletons_is_quiet(void **state)
{
    (void)state;
    File file = {.count = 0};
    add_regular(&file, 100, 2000, SEVERITY_PLAIN); /* 200,000 lines */
    for (int i = 0; i < 99; i++)
        file.patterns[file.count++] = one_line((uint64_t)i * 2000 + 5, SEVERITY_PLAIN);
    assert_true(surprise_of(&file, one_line(777, SEVERITY_PLAIN)) < 3);
    assert_int_equal(reported(&file), 0);
}

static void an_error_stands_out_from_plain_singletons(void **state)
{
    (void)state;
    File file = {.count = 0};
    add_regular(&file, 20, 95, SEVERITY_PLAIN);
    for (int i = 0; i < 100; i++)
        file.patterns[file.count++] = one_line((uint64_t)i * 19 + 5, SEVERITY_PLAIN);
    assert_true(surprise_of(&file, one_line(777, SEVERITY_ERROR)) >= 3);
    assert_int_equal(reported(&file), 1);
}

static void ten_new_patterns_in_one_place_are_one_event(void **state)
{
    (void)state;
    File together = {.count = 0}, apart = {.count = 0};
    add_regular(&together, 20, 1000, SEVERITY_PLAIN);
    add_regular(&apart, 20, 1000, SEVERITY_PLAIN);
    for (uint64_t i = 0; i < 9; i++) {
        together.patterns[together.count++] = one_line(9000 + i, SEVERITY_PLAIN);
        apart.patterns[apart.count++] = one_line(2000 * i + 1, SEVERITY_PLAIN);
    }
    assert_true(surprise_of(&together, one_line(9010, SEVERITY_PLAIN)) >= 3);
    assert_true(surprise_of(&apart, one_line(19999, SEVERITY_PLAIN)) < 3);
}

static void in_ten_million_lines_a_regular_error_is_no_finding(void **state)
{
    (void)state;
    File file = {.count = 0};
    add_regular(&file, 200, 50000, SEVERITY_PLAIN);
    RarityPattern regular = {1000, 5000, 9990000, SEVERITY_ERROR};
    assert_true(surprise_of(&file, regular) < 3);
    assert_true(surprise_of(&file, one_line(5000000, SEVERITY_PLAIN)) >= 5);
}

static void the_order_of_the_patterns_does_not_matter(void **state)
{
    (void)state;
    Rng rng = rng_seeded(21);
    static RarityPattern a[300], b[300];
    static Rarity ra[300], rb[300];
    for (size_t i = 0; i < 300; i++) {
        uint64_t first = rng_below(&rng, 10000), count = 1 + rng_below(&rng, 40);
        a[i] = (RarityPattern){count, first, first + count * 3, (uint8_t)rng_below(&rng, 4)};
        b[299 - i] = a[i];
    }
    void *scratch = malloc(rarity_scratch_bytes(300));
    rarity_score(a, 300, scratch, ra);
    rarity_score(b, 300, scratch, rb);
    free(scratch);
    for (size_t i = 0; i < 300; i++)
        assert_memory_equal(&ra[i], &rb[299 - i], sizeof ra[i]);
}

/* Lines of a random file with a surprise of 3, per thousand; patterns of any frequency. */
static double odd_share(uint64_t seed, uint64_t severity_count)
{
    static RarityPattern patterns[1000];
    static Rarity rarities[1000];
    Rng rng = rng_seeded(seed);
    size_t count = 1 + rng_below(&rng, 1000);
    uint64_t lines = 0, odd = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t n = 1 + rng_below(&rng, 1ULL << rng_below(&rng, 14));
        uint8_t severity = (uint8_t)(rng_below(&rng, severity_count) * rng_below(&rng, 2));
        patterns[i] = (RarityPattern){n, lines + 1, lines + n, severity};
        lines += n;
    }
    void *scratch = malloc(rarity_scratch_bytes(count));
    rarity_score(patterns, count, scratch, rarities);
    free(scratch);
    for (size_t i = 0; i < count; i++)
        odd += rarities[i].surprise >= 3 ? patterns[i].count : 0;
    return 1000.0 * (double)odd / (double)lines;
}

static void at_most_one_plain_line_in_1000_is_odd(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 1000; seed++)
        if (odd_share(seed, 1) > 1)
            fail_msg("seed %lu: %g in 1000", (unsigned long)seed, odd_share(seed, 1));
}

/* Severe lines may be a few more, never a crowd: here half of the patterns are severe. */
static void severe_lines_that_are_odd_stay_few(void **state)
{
    (void)state;
    double sum = 0;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        double share = odd_share(seed, 4);
        sum += share;
        if (share > 20)
            fail_msg("seed %lu: %g in 1000", (unsigned long)seed, share);
    }
    assert_true(sum / 1000 < 4);
}

static void an_empty_file_has_no_odd_pattern(void **state)
{
    (void)state;
    RarityPattern none = {.count = 0};
    Rarity rarity = {.surprise = 9};
    char scratch[64];
    rarity_score(&none, 1, scratch, &rarity);
    assert_true(rarity.surprise == 0);
    rarity_score(NULL, 0, scratch, &rarity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_that_never_repeats_among_2000_is_odd),
        cmocka_unit_test(one_error_among_2000_is_odder_than_a_plain_line),
        cmocka_unit_test(nothing_is_odd_by_rarity_in_20_lines),
        cmocka_unit_test(an_error_among_300_plain_lines_is_odd),
        cmocka_unit_test(where_errors_are_everyday_one_more_kind_is_no_news),
        cmocka_unit_test(a_file_whose_patterns_are_half_singletons_is_quiet),
        cmocka_unit_test(an_error_stands_out_from_plain_singletons),
        cmocka_unit_test(ten_new_patterns_in_one_place_are_one_event),
        cmocka_unit_test(in_ten_million_lines_a_regular_error_is_no_finding),
        cmocka_unit_test(the_order_of_the_patterns_does_not_matter),
        cmocka_unit_test(at_most_one_plain_line_in_1000_is_odd),
        cmocka_unit_test(severe_lines_that_are_odd_stay_few),
        cmocka_unit_test(an_empty_file_has_no_odd_pattern),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
