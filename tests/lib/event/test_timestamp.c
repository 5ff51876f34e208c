/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/time.h"
#include "event/timestamp.h"

#define SEED_COUNT 1000

/* 2026-11-23T20:15:42Z */
static const odd_time now = 1795464942 * NS_PER_S;

static const struct {
    const char *text;
    const char *time; /* As time_text writes it, 9 digits. */
} stamps[] = {
    {"2026-11-23T20:15:42Z", "2026-11-23T20:15:42.000000000Z"},
    {"2026-11-23T20:15:42.5Z", "2026-11-23T20:15:42.500000000Z"},
    {"2026-11-23T20:15:42.123456789+01:00", "2026-11-23T19:15:42.123456789Z"},
    {"2026-11-23T20:15:42,123-0530", "2026-11-24T01:45:42.123000000Z"},
    {"2026-11-23 20:15:42", "2026-11-23T20:15:42.000000000Z"},
    {"2026-11-23 20:15:42,123", "2026-11-23T20:15:42.123000000Z"},
    {"2026-11-23 20:15:42.123 UTC", "2026-11-23T20:15:42.123000000Z"},
    {"2026-11-23 20:15:42.123 CET", "2026-11-23T19:15:42.123000000Z"},
    {"2026-11-23 20:15:42.123 +0100", "2026-11-23T19:15:42.123000000Z"},
    {"2026-11-23_20:15:42", "2026-11-23T20:15:42.000000000Z"},
    {"2026-11-23_20-15-42", "2026-11-23T20:15:42.000000000Z"},
    {"2026-11-23T20:15:42+0000", "2026-11-23T20:15:42.000000000Z"},
    {"2026-11-23T20:15Z", "2026-11-23T20:15:00.000000000Z"},
    {"2026-1-3 2:05:07", "2026-01-03T02:05:07.000000000Z"},
    {"20171223T221529Z", "2017-12-23T22:15:29.000000000Z"},
    {"20171223T221529.25+0100", "2017-12-23T21:15:29.250000000Z"},
    {"20171223-22:15:29:606", "2017-12-23T22:15:29.606000000Z"},
    {"20171224-1:1:0:935", "2017-12-24T01:01:00.935000000Z"},
    {"20171224-0:0:0:24", "2017-12-24T00:00:00.024000000Z"},
    {"20171223 22:15:29", "2017-12-23T22:15:29.000000000Z"},
    {"20171223221529", "2017-12-23T22:15:29.000000000Z"},
    {"081109 203615", "2008-11-09T20:36:15.000000000Z"},
    {"081109  9:36:15", "2008-11-09T09:36:15.000000000Z"},
    {"17/06/09 20:10:40", "2017-06-09T20:10:40.000000000Z"},
    {"2005-06-03-15.42.50.675872", "2005-06-03T15:42:50.675872000Z"},
    {"2005.11.09", "2005-11-09T00:00:00.000000000Z"},
    {"2026.11.23 20:15:42", "2026-11-23T20:15:42.000000000Z"},
    {"Jun  4 15:16:01", "2026-06-04T15:16:01.000000000Z"},
    {"Jun 14 15:16:01", "2026-06-14T15:16:01.000000000Z"},
    {"Jun 14 15:16:01.123", "2026-06-14T15:16:01.123000000Z"},
    {"Nov 23 2026 20:15:42", "2026-11-23T20:15:42.000000000Z"},
    {"Nov 23, 2026 8:15:42 PM", "2026-11-23T20:15:42.000000000Z"},
    {"Sun Dec 04 04:47:44 2005", "2005-12-04T04:47:44.000000000Z"},
    {"Sun Dec 04 04:47:44.123456 2005", "2005-12-04T04:47:44.123456000Z"},
    {"Mon Nov 23 20:15:42 UTC 2026", "2026-11-23T20:15:42.000000000Z"},
    {"Mon Nov 23 20:15:42 CET 2026", "2026-11-23T19:15:42.000000000Z"},
    {"10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36.000000000Z"},
    {"06/Feb/2009:12:14:14.655", "2009-02-06T12:14:14.655000000Z"},
    {"Mon, 23 Nov 2026 20:15:42 GMT", "2026-11-23T20:15:42.000000000Z"},
    {"Mon, 23 Nov 2026 20:15:42 +0200", "2026-11-23T18:15:42.000000000Z"},
    {"23 Nov 2026 20:15:42.123", "2026-11-23T20:15:42.123000000Z"},
    {"23 November 2026 20:15:42", "2026-11-23T20:15:42.000000000Z"},
    {"23-Nov-2026 20:15:42 UTC", "2026-11-23T20:15:42.000000000Z"},
    {"2026-Nov-23 20:15:42.5", "2026-11-23T20:15:42.500000000Z"},
    {"2026/11/23 20:15:42", "2026-11-23T20:15:42.000000000Z"},
    {"2026/11/23 20:15:42.000007", "2026-11-23T20:15:42.000007000Z"},
    {"03-17 16:13:38.811", "2026-03-17T16:13:38.811000000Z"},
    {"10.30 16:49:06", "2026-10-30T16:49:06.000000000Z"},
    {"7/4/2026 1:02:03 PM", "2026-07-04T13:02:03.000000000Z"},
    {"7/4/2026 12:02:03 AM", "2026-07-04T00:02:03.000000000Z"},
    {"07/04/2026 13:02:03", "2026-07-04T13:02:03.000000000Z"},
    {"23/11/2026 20:15:42", "2026-11-23T20:15:42.000000000Z"},
    {"23.11.2026 20:15:42", "2026-11-23T20:15:42.000000000Z"},
    {"1117838570", "2005-06-03T22:42:50.000000000Z"},
    {"1117838570.25", "2005-06-03T22:42:50.250000000Z"},
    {"1117838570123", "2005-06-03T22:42:50.123000000Z"},
    {"1117838570123456", "2005-06-03T22:42:50.123456000Z"},
    {"1117838570123456789", "2005-06-03T22:42:50.123456789Z"},
    {"20:15:42", "2026-11-23T20:15:42.000000000Z"},
    {"20:15:42,123", "2026-11-23T20:15:42.123000000Z"},
    {"1123 20:15:42.123456", "2026-11-23T20:15:42.123456000Z"},
    {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000000Z"},
};

/* Gives the number of bytes read. */
static size_t read_any(const char *text, odd_time at_now, int32_t zone_s, odd_time *ret_time)
{
    TimeFrame frame = time_frame(at_now, zone_s);
    TimeFormat format = timestamp_guess(&frame, str_of(text), 0);
    *ret_time = ODD_TIME_NONE;
    return timestamp_read(format, &frame, str_of(text), 0, ret_time);
}

static void every_spelling_of_the_table_is_read_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stamps / sizeof stamps[0]; i++) {
        odd_time time;
        char buffer[TIME_TEXT_SIZE];
        size_t size = read_any(stamps[i].text, now, 0, &time);
        if (size != strlen(stamps[i].text))
            print_message("read %zu of '%s'\n", size, stamps[i].text);
        assert_int_equal(size, strlen(stamps[i].text));
        assert_string_equal(time_text(time, 9, buffer), stamps[i].time);
    }
}

static void what_follows_a_stamp_is_not_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t      size;
    } lines[] = {{"2026-11-23 20:15:42 INFO x", 19},     {"2026-11-23 20:15:42, Info", 19},
                 {"2026-11-23 20:15:42,123 - x", 23},    {"Jun  4 15:16:01 combo sshd", 15},
                 {"2026-11-23 20:15:42 ERROR x", 19},    {"20171223-22:15:29:606|Step", 21},
                 {"2026-11-23 20:15:42.123 UTC [12]", 27}, {"2026-11-23T20:15:42Z: x", 20},
                 {"1117838570 2005.06.03", 10},          {"2026-11-23 20:15:42 -1 x", 19}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        odd_time time;
        assert_int_equal(read_any(lines[i].text, now, 0, &time), lines[i].size);
    }
}

static void a_word_that_only_begins_like_a_stamp_is_none(void **state)
{
    (void)state;
    static const char *const words[] = {"",           "x",          "2026-11-23T20:15:42x", "12:00",
                                        "10.251.73.2", "123",       "4021",                 "May",
                                        "Marching on", "9999999999", "0000000001",          "1.2.3",
                                        "20:15:42pm1", "::1",       "-1",                   "Sun"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        odd_time time;
        assert_int_equal(read_any(words[i], now, 0, &time), 0);
    }
}

static void an_impossible_date_has_no_time_but_its_bytes(void **state)
{
    (void)state;
    TimeFrame frame = time_frame(now, 0);
    static const struct {
        const char *good, *bad;
    } pairs[] = {{"2026-11-23T20:15:42Z", "2026-02-31T20:15:42Z"},
                 {"2026-11-23T20:15:42Z", "2026-11-23T24:15:42Z"},
                 {"2026-11-23T20:15:42Z", "2026-13-23T20:15:42Z"},
                 {"Jun 14 15:16:01", "Jun 31 15:16:01"},
                 {"Jun 14 15:16:01", "Feb 30 15:16:01"},
                 {"2026/11/23 20:15:42", "2026/00/23 20:15:42"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        TimeFormat format = timestamp_guess(&frame, str_of(pairs[i].good), 0);
        odd_time time = 0;
        assert_int_equal(timestamp_read(format, &frame, str_of(pairs[i].bad), 0, &time),
                         strlen(pairs[i].bad));
        assert_true(time == ODD_TIME_NONE);
    }
}

static void check(const char *text, const char *now_text, int32_t zone_s, const char *expected)
{
    odd_time at_now, time;
    char buffer[TIME_TEXT_SIZE];
    read_any(now_text, 0, 0, &at_now);
    read_any(text, at_now, zone_s, &time);
    assert_string_equal(time_text(time, 0, buffer), expected);
}

static void a_missing_year_is_the_nearest_not_more_than_a_day_ahead(void **state)
{
    (void)state;
    check("Dec 31 23:59:59", "2026-01-01T00:00:10Z", 0, "2025-12-31T23:59:59Z");
    check("Jan  1 00:00:10", "2025-12-31T23:59:59Z", 0, "2026-01-01T00:00:10Z");
    check("Jan  2 00:00:10", "2025-12-31T00:00:00Z", 0, "2025-01-02T00:00:10Z");
    check("Nov 24 20:15:42", "2026-11-23T20:15:42Z", 0, "2026-11-24T20:15:42Z");
    check("Nov 24 20:15:43", "2026-11-23T20:15:42Z", 0, "2025-11-24T20:15:43Z");
    check("Feb 29 12:00:00", "2026-11-23T20:15:42Z", 0, "2024-02-29T12:00:00Z");
}

static void a_missing_zone_is_that_of_the_source(void **state)
{
    (void)state;
    check("2026-11-23 20:15:42", "2026-11-23T20:15:42Z", 3600, "2026-11-23T19:15:42Z");
    check("2026-11-23T20:15:42Z", "2026-11-23T20:15:42Z", 3600, "2026-11-23T20:15:42Z");
    check("Jan  1 00:30:00", "2026-01-01T00:00:00Z", 3600, "2025-12-31T23:30:00Z");
    check("1117838570", "2026-11-23T20:15:42Z", -7200, "2005-06-03T22:42:50Z");
}

static void a_missing_date_is_that_of_now_in_the_zone_of_the_source(void **state)
{
    (void)state;
    check("08:00:00", "2026-11-23T20:15:42Z", 0, "2026-11-23T08:00:00Z");
    check("08:00:00", "2026-11-23T23:30:00Z", 3600, "2026-11-24T07:00:00Z");
}

static void without_now_years_are_1970(void **state)
{
    (void)state;
    odd_time time;
    char buffer[TIME_TEXT_SIZE];
    read_any("Jun 14 15:16:01", 0, 0, &time);
    assert_string_equal(time_text(time, 0, buffer), "1970-06-14T15:16:01Z");
}

static void a_day_of_two_readings_is_read_as_the_others_of_its_source(void **state)
{
    (void)state;
    TimeFrame frame = time_frame(now, 0);
    TimeFormat format = timestamp_guess(&frame, STR("23/11/2026 20:15:42"), 0);
    odd_time time;
    char buffer[TIME_TEXT_SIZE];
    timestamp_read(format, &frame, STR("04/07/2026 20:15:42"), 0, &time);
    assert_string_equal(time_text(time, 0, buffer), "2026-07-04T20:15:42Z");
}

static void a_written_time_reads_back_as_itself(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        int         digits;
    } forms[] = {
        {"%04d-%02d-%02dT%02d:%02d:%02d.%09dZ", 9},
        {"%04d-%02d-%02d %02d:%02d:%02d,%03d", 3},
        {"%04d/%02d/%02d %02d:%02d:%02d.%06d", 6},
        {"%04d-%02d-%02d-%02d.%02d.%02d.%06d", 6},
        {"%04d%02d%02d-%d:%d:%d:%d", 3},
        {"%04d%02d%02dT%02d%02d%02d.%03d", 3},
    };
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        Rng rng = rng_seeded(seed);
        odd_time t = (odd_time)rng_below(&rng, 4000000000u) * NS_PER_S;
        int form = (int)rng_below(&rng, sizeof forms / sizeof forms[0]);
        int unit = forms[form].digits == 9 ? 1 : forms[form].digits == 6 ? 1000 : 1000000;
        t += (odd_time)rng_below(&rng, (uint64_t)(NS_PER_S / unit)) * unit;
        Civil c = time_to_civil(t);
        char text[TIMESTAMP_BYTES_MAX];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(text, sizeof text, forms[form].format, c.year, c.month, c.day, c.hour, c.minute,
                 c.second, c.nanosecond / unit);
#pragma GCC diagnostic pop
        odd_time back;
        size_t size = read_any(text, now, 0, &back);
        if (size != strlen(text) || back != t)
            print_message("seed %llu: '%s'\n", (unsigned long long)seed, text);
        assert_int_equal(size, strlen(text));
        assert_true(back == t);
    }
}

static void random_bytes_never_read_past_their_end(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789-:./ ,TZJunMonAP+[]";
    TimeFrame frame = time_frame(now, 0);
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        Rng rng = rng_seeded(seed);
        char text[40];
        size_t size = rng_below(&rng, sizeof text);
        for (size_t i = 0; i < size; i++)
            text[i] = alphabet[rng_below(&rng, sizeof alphabet - 1)];
        for (TimeFormat format = 0; format <= timestamp_format_count(); format++) {
            odd_time time;
            size_t read = timestamp_read(format, &frame, (Str){text, size}, 0, &time);
            if (read > size)
                print_message("seed %llu\n", (unsigned long long)seed);
            assert_true(read <= size);
        }
    }
}

static void extreme_moments_do_not_overflow(void **state)
{
    (void)state;
    static const char *const texts[] = {"2262-04-11 23:47:16", "1677-09-21 00:12:44",
                                        "2262-04-11 23:47:16 -1200", "9999999999999999999",
                                        "0000-00-00 00:00:00", "9999-12-31 23:59:59"};
    const odd_time moments[] = {INT64_MAX, INT64_MIN + 1, 0, now};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (size_t m = 0; m < sizeof moments / sizeof moments[0]; m++) {
            TimeFrame frame = time_frame(moments[m], 86400);
            for (TimeFormat format = 1; format <= timestamp_format_count(); format++) {
                odd_time time;
                assert_true(timestamp_read(format, &frame, str_of(texts[i]), 0, &time) <= 32);
            }
        }
}

static void a_whole_text_is_a_stamp_or_none(void **state)
{
    (void)state;
    TimeFrame frame = time_frame(now, 0);
    odd_time time;
    assert_true(timestamp_whole(&frame, STR("2026-11-23T20:15:42Z"), &time));
    assert_int_equal(time, now);
    assert_false(timestamp_whole(&frame, STR("2026-11-23T20:15:42Z "), &time));
    assert_false(timestamp_whole(&frame, STR(" 2026-11-23T20:15:42Z"), &time));
    assert_false(timestamp_whole(&frame, STR("soon"), &time));
    assert_false(timestamp_whole(&frame, STR(""), &time));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_of_the_table_is_read_whole),
        cmocka_unit_test(what_follows_a_stamp_is_not_read),
        cmocka_unit_test(a_whole_text_is_a_stamp_or_none),
        cmocka_unit_test(a_word_that_only_begins_like_a_stamp_is_none),
        cmocka_unit_test(an_impossible_date_has_no_time_but_its_bytes),
        cmocka_unit_test(a_missing_year_is_the_nearest_not_more_than_a_day_ahead),
        cmocka_unit_test(a_missing_zone_is_that_of_the_source),
        cmocka_unit_test(a_missing_date_is_that_of_now_in_the_zone_of_the_source),
        cmocka_unit_test(without_now_years_are_1970),
        cmocka_unit_test(a_day_of_two_readings_is_read_as_the_others_of_its_source),
        cmocka_unit_test(a_written_time_reads_back_as_itself),
        cmocka_unit_test(random_bytes_never_read_past_their_end),
        cmocka_unit_test(extreme_moments_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
