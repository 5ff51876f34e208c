/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "base/rng.h"

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* The C library, in the locale that programs start with, is right to the last bit. */
static void assert_as_the_c_library(const char *text)
{
    double value = NAN;
    if (!decimal_read(str_of(text), &value) || bits_of(value) != bits_of(strtod(text, NULL)))
        fail_msg("%s is read as %.17g", text, value);
}

static void plain_numbers_are_read(void **state)
{
    (void)state;
    const char *const texts[] = {"0",     "-0",    "1",         "+1.5",   "12.5e3", "1e22",
                                 "1e23",  ".5",    "5.",        "1E-7",   "0.1",    "0.3",
                                 "00012", "0.000", "123456789", "1e+308", "-1e-3",  "4e0"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_as_the_c_library(texts[i]);
}

static void the_edges_of_doubles_are_exact(void **state)
{
    (void)state;
    const char *const texts[] = {
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "1e309",
        "1e310",
        "1e400",
        "-1e99999999999999999999",
        "4.9406564584124654e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "1e-323",
        "1e-330",
        "1e-400",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "9007199254740993",
        "9007199254740992.5",
        "9007199254740993.0000000001",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999",
        "9999999999999999999000",
        "0.000000000000000000000000000000000000000000000000000000000000000000000000001",
        "0e99999",
        "0.0e-99999",
        "8.5e-27",
        "8.5e-28",
        "7e27",
        "7e28"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_as_the_c_library(texts[i]);
}

static void the_middle_between_two_doubles_is_told_from_a_little_more(void **state)
{
    (void)state;
    char text[2000];
    /* 2^-1074 / 2 has 751 digits, all of them needed. */
    int size = snprintf(text, sizeof text, "%.1075f", ldexp(1.0, -1074));
    assert_true(size > 1000);
    assert_as_the_c_library(text);
    size = snprintf(text, sizeof text, "9007199254740993.");
    memset(text + size, '0', 900);
    text[size + 900] = '\0';
    assert_as_the_c_library(text);
    text[size + 899] = '1';
    assert_as_the_c_library(text);
}

static void what_twenty_thousand_random_doubles_print_is_read_back(void **state)
{
    (void)state;
    Rng rng = rng_seeded(20261127);
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = rng_next(&rng);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        char text[64];
        snprintf(text, sizeof text, "%.*g", 1 + i % 30, value);
        assert_as_the_c_library(text);
    }
}

static void random_digits_are_read_as_the_c_library_reads_them(void **state)
{
    (void)state;
    Rng rng = rng_seeded(1);
    for (int i = 0; i < 20000; i++) {
        char text[128];
        size_t count = 1 + rng_next(&rng) % 40, point = rng_next(&rng) % (count + 1), size = 0;
        for (size_t j = 0; j < count; j++) {
            if (j == point)
                text[size++] = '.';
            text[size++] = (char)('0' + rng_next(&rng) % 10);
        }
        int power = (int)(rng_next(&rng) % 80) - 40;
        snprintf(text + size, sizeof text - size, "e%d", i % 2 == 0 ? power : power * 10);
        assert_as_the_c_library(text);
    }
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    const char *const texts[] = {"",   "-",   "+",     ".",     "e5",  "1e",  "1e+",  "1 ",  " 1",
                                 "1x", "--1", "1.2.3", "1e5.0", "nan", "inf", "0x10", "1_0", "1,5"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double value = 7;
        assert_false(decimal_read(str_of(texts[i]), &value));
        assert_true(value == 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_numbers_are_read),
        cmocka_unit_test(the_edges_of_doubles_are_exact),
        cmocka_unit_test(the_middle_between_two_doubles_is_told_from_a_little_more),
        cmocka_unit_test(what_twenty_thousand_random_doubles_print_is_read_back),
        cmocka_unit_test(random_digits_are_read_as_the_c_library_reads_them),
        cmocka_unit_test(what_is_no_number_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
