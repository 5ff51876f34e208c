/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "event/sheet.h"

#define TEXT_SIZE 4096
#define NOW (1795464942 * NS_PER_S)

/* A table learnt from its whole text, and what each of its rows says:
 * "time|series=number ...;" with the time only where it is known. */
static const char *read_all(const char *text, bool forced)
{
    static char said[TEXT_SIZE];
    Mem mem = {0};
    Sheet sheet;
    Str all = str_of(text);
    size_t used = 0;
    if (!sheet_learn(all, time_frame(NOW, 0), forced, &mem, &sheet)) {
        assert_int_equal(mem.bytes, 0);
        return "a log";
    }
    uint32_t line_number = 0;
    said[0] = '\0';
    for (size_t at = 0; at < all.size; line_number++) {
        size_t size = strcspn(text + at, "\n");
        Str line = {.text = text + at, .size = size};
        at += size + 1;
        line.size -= line.size > 0 && line.text[line.size - 1] == '\r';
        if (line_number < sheet.head_lines)
            continue;
        double values[64];
        uint8_t kinds[64];
        char labels[SHEET_LABEL_BYTES_MAX], name[SHEET_SERIES_BYTES_MAX], time[TIME_TEXT_SIZE];
        SheetRow row;
        assert_in_range(sheet.value_count, 1, 64);
        sheet_read(&sheet, line, values, kinds, labels, &row);
        used +=
            (size_t)snprintf(said + used, sizeof said - used, "%s", time_text(row.time, 0, time));
        for (uint32_t i = 0; i < sheet.value_count; i++) {
            size_t name_size =
                sheet_series(&sheet, (Str){.text = labels, .size = row.label_size}, i, name);
            const char *const words[] = {"", "missing", "infinite", "bad"};
            used +=
                (size_t)snprintf(said + used, sizeof said - used, "|%.*s=", (int)name_size, name);
            if (kinds[i] == NUMBER_FINITE)
                used += (size_t)snprintf(said + used, sizeof said - used, "%g", values[i]);
            else
                used += (size_t)snprintf(said + used, sizeof said - used, "%s", words[kinds[i]]);
        }
        used += (size_t)snprintf(said + used, sizeof said - used, ";");
    }
    sheet_close(&sheet, &mem);
    assert_int_equal(mem.bytes, 0);
    return said;
}

static void says(const char *text, const char *expected)
{
    assert_string_equal(read_all(text, false), expected);
}

static void a_column_of_numbers_is_a_series(void **state)
{
    (void)state;
    says("value\n1\n2.5\n-3e2\n", "|value=1;|value=2.5;|value=-300;");
    says("1\n2\n4\n", "|column 1=1;|column 1=2;|column 1=4;");
    says("1\r\n2\r\n4\r\n", "|column 1=1;|column 1=2;|column 1=4;");
}

static void each_column_is_a_series_and_the_time_is_none(void **state)
{
    (void)state;
    says("timestamp,cpu,mem\n2014-02-14 14:30:00,1,2\n2014-02-14 14:35:00,3,4\n",
         "2014-02-14T14:30:00Z|cpu=1|mem=2;2014-02-14T14:35:00Z|cpu=3|mem=4;");
    says("cpu;mem\n1;2\n3;4\n", "|cpu=1|mem=2;|cpu=3|mem=4;");
    says("cpu\tmem\n1\t2\n3\t\n", "|cpu=1|mem=2;|cpu=3|mem=missing;");
    says("1,2\n3,4\n7,8\n",
         "|column 1=1|column 2=2;|column 1=3|column 2=4;|column 1=7|column 2=8;");
}

static void time_comes_in_many_spellings(void **state)
{
    (void)state;
    const char *const cells[] = {"2019-03-31T12:00:00Z",   "2019-03-31 14:00:00+02:00",
                                 "2019-03-31 12:00",       "2019/03/31 12:00:00",
                                 "1554033600",             "1554033600000",
                                 "1554033600000000",       "1554033600000000000",
                                 "1554033600.0",           "31.03.2019 12:00",
                                 "31/03/2019 12:00:00",    "03/31/2019 12:00",
                                 "Sun, 31 Mar 2019 12:00:00 GMT", "\"Mar 31, 2019 12:00:00\""};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "time;x\n%s;1\n%s;2\n", cells[i], cells[i]);
        says(text, "2019-03-31T12:00:00Z|x=1;2019-03-31T12:00:00Z|x=2;");
    }
    says("date,x\n2019-03-30,1\n2019-03-31,2\n",
         "2019-03-30T00:00:00Z|x=1;2019-03-31T00:00:00Z|x=2;");
    says("date,x\n20190330,1\n20190331,2\n", "2019-03-30T00:00:00Z|x=1;2019-03-31T00:00:00Z|x=2;");
}

static void a_date_and_its_clock_may_stand_in_two_columns(void **state)
{
    (void)state;
    says("date,time,x\n2019-03-31,12:00:00,1\n2019-03-31,12:05:00,2\n",
         "2019-03-31T12:00:00Z|x=1;2019-03-31T12:05:00Z|x=2;");
    says("Date;Time;x\n31/03/2019;18.00.00;1,5\n31/03/2019;19.00.00;2,5\n",
         "2019-03-31T18:00:00Z|x=1.5;2019-03-31T19:00:00Z|x=2.5;");
    says("date,host,x\n2019-03-31,a,1\n2019-03-31,b,2\n2019-04-01,a,1\n2019-04-01,b,2\n",
         "2019-03-31T00:00:00Z|x{host=\"a\"}=1;2019-03-31T00:00:00Z|x{host=\"b\"}=2;"
         "2019-04-01T00:00:00Z|x{host=\"a\"}=1;2019-04-01T00:00:00Z|x{host=\"b\"}=2;");
}

static void months_are_times_and_a_clock_alone_is_none(void **state)
{
    (void)state;
    says("Month,x\n1949-11,112\n1949-12,118\n1950-01,115\n",
         "1949-11-01T00:00:00Z|x=112;1949-12-01T00:00:00Z|x=118;1950-01-01T00:00:00Z|x=115;");
    says("time,x\n23:59:00,1\n00:00:00,2\n00:01:00,4\n", "|x=1;|x=2;|x=4;");
}

/* A name has 5 bytes, a number 8: no four lines are in the first 64 kB. */
static void a_table_may_have_ten_thousand_columns(void **state)
{
    (void)state;
    const uint32_t columns = 10000;
    Mem mem = {0};
    Sheet sheet;
    char *text = malloc(SHEET_SAMPLE_BYTES_MAX);
    size_t used = (size_t)sprintf(text, "time");
    for (uint32_t i = 0; i < columns; i++)
        used += (size_t)sprintf(text + used, ",c%u", i);
    size_t head = used;
    for (int row = 0; row < 4; row++) {
        used += (size_t)sprintf(text + used, "\n2019-03-31 12:0%d:00", row);
        for (uint32_t i = 0; i < columns; i++)
            used +=
                (size_t)sprintf(text + used, ",%u.%03u", i % 7, (i * 31 + (uint32_t)row) % 1000);
    }
    Str all = {.text = text, .size = used};
    assert_true(head > 50000 && used < SHEET_SAMPLE_BYTES_MAX);
    assert_int_equal(sheet_sample_wanted(all), SHEET_SAMPLE_BYTES_MAX);
    assert_true(sheet_learn(all, time_frame(NOW, 0), false, &mem, &sheet));
    assert_int_equal(sheet.value_count, columns);
    assert_int_equal(sheet.columns[0].role, SHEET_TIME);
    sheet_close(&sheet, &mem);
    assert_int_equal(mem.bytes, 0);
    free(text);
}

static void whether_the_day_comes_first_is_told_by_the_rows(void **state)
{
    (void)state;
    says("date,x\n01/02/2019,1\n02/02/2019,2\n03/02/2019,3\n",
         "2019-02-01T00:00:00Z|x=1;2019-02-02T00:00:00Z|x=2;2019-02-03T00:00:00Z|x=3;");
    says("date,x\n01/02/2019,1\n01/03/2019,2\n01/04/2019,3\n",
         "2019-01-02T00:00:00Z|x=1;2019-01-03T00:00:00Z|x=2;2019-01-04T00:00:00Z|x=3;");
    says("date,x\n12/02/2019,1\n13/02/2019,2\n",
         "2019-02-12T00:00:00Z|x=1;2019-02-13T00:00:00Z|x=2;");
}

static void an_index_is_no_series(void **state)
{
    (void)state;
    says("index,x\n0,5\n1,4\n2,6\n", "|x=5;|x=4;|x=6;");
    says(",x\n0,5\n1,4\n2,6\n", "|x=5;|x=4;|x=6;");
    says("0,5\n1,4\n2,6\n", "|column 2=5;|column 2=4;|column 2=6;");
    says("index,x\n0,5\n1,4\n0,6\n", "|index=0|x=5;|index=1|x=4;|index=0|x=6;");
}

static void seconds_since_1970_need_a_name_or_the_first_place(void **state)
{
    (void)state;
    says("free,used\n1554033600,1\n1554033500,2\n",
         "|free=1.55403e+09|used=1;|free=1.55403e+09|used=2;");
    says("1554033600,1\n1554033660,2\n", "2019-03-31T12:00:00Z|column 2=1;"
                                         "2019-03-31T12:01:00Z|column 2=2;");
}

static void labels_tell_series_apart(void **state)
{
    (void)state;
    says("time,host,value\n1554033600,a,1\n1554033600,b,2\n1554033660,a,3\n1554033660,b,4\n",
         "2019-03-31T12:00:00Z|value{host=\"a\"}=1;2019-03-31T12:00:00Z|value{host=\"b\"}=2;"
         "2019-03-31T12:01:00Z|value{host=\"a\"}=3;2019-03-31T12:01:00Z|value{host=\"b\"}=4;");
    says("time,metric,value\n1554033600,cpu,1\n1554033600,mem,2\n1554033660,cpu,3\n",
         "2019-03-31T12:00:00Z|cpu=1;2019-03-31T12:00:00Z|mem=2;2019-03-31T12:01:00Z|cpu=3;");
    says("metric,host,time,value\ncpu,a,1554033600,1\ncpu,b,1554033600,2\ncpu,a,1554033660,3\n",
         "2019-03-31T12:00:00Z|cpu{host=\"a\"}=1;2019-03-31T12:00:00Z|cpu{host=\"b\"}=2;"
         "2019-03-31T12:01:00Z|cpu{host=\"a\"}=3;");
    says("time,host,in,out\n1554033600,a,1,2\n1554033660,a,3,4\n",
         "2019-03-31T12:00:00Z|in{host=\"a\"}=1|out{host=\"a\"}=2;"
         "2019-03-31T12:01:00Z|in{host=\"a\"}=3|out{host=\"a\"}=4;");
}

static void what_is_no_number_is_missing_infinite_or_bad(void **state)
{
    (void)state;
    says("t,x\n1,1\n2,\n3,NaN\n4,-inf\n5,null\n6,true\n7,2\n8,3\n9,4\n10,5\n11,six\n",
         "|x=1;|x=missing;|x=missing;|x=infinite;|x=missing;|x=1;|x=2;|x=3;|x=4;|x=5;|x=bad;");
    says("x,y\n\"1\",\"2\"\n \"3\" , 4 \n", "|x=1|y=2;|x=3|y=4;");
    says("x;y\n1,5;2\n1,25;3\n", "|x=1.5|y=2;|x=1.25|y=3;");
}

static void names_are_kept_apart(void **state)
{
    (void)state;
    says("a,a,,\"b,\"\"c\"\"\"\n1,2,3,4\n5,6,7,9\n",
         "|a=1|a (2)=2|column 3=3|b,\"c\"=4;|a=5|a (2)=6|column 3=7|b,\"c\"=9;");
    says("# made by hand\n\na,b\n1,2\n3,4\n", "|a=1|b=2;|a=3|b=4;");
}

static void rows_that_do_not_fit_are_read_as_far_as_they_go(void **state)
{
    (void)state;
    says("a,b\n1,2\n3,4\n5\n7,8\n", "|a=1|b=2;|a=3|b=4;|a=5|b=missing;|a=7|b=8;");
    says("a,b\n1,2\n3,4\n5,6,7\n7,8\n", "|a=1|b=2;|a=3|b=4;|a=5|b=6;|a=7|b=8;");
}

static void a_log_stays_a_log(void **state)
{
    (void)state;
    says("", "a log");
    says("hello\n", "a log");
    says("2026-11-23 12:00:01,123 INFO started, ready\n2026-11-23 12:00:02,124 INFO ok, ready\n",
         "a log");
    says("time,level,message\n2026-11-23 12:00:01,INFO,started\n2026-11-23 12:00:02,INFO,ok\n",
         "a log");
    says("time,user,bytes\n2026-11-23 12:00:01,a,1\n2026-11-23 12:00:02,b,2\n"
         "2026-11-23 12:00:03,c,3\n2026-11-23 12:00:04,d,4\n",
         "a log");
    says("1.2.3.4,GET,200\n1.2.3.5,GET,200\n1.2.3.6,PUT,500\n", "a log");
    says("[ 0.1 ] one, 2, 3\n[ 0.2 ] two, 3, 4\n", "a log");
    says("{\"a\":1}\n{\"a\":2}\n", "a log");
}

static void what_is_forced_is_read_as_a_table(void **state)
{
    (void)state;
    assert_string_equal(read_all("time,user,bytes\n2026-11-23 12:00:01,a,1\n"
                                 "2026-11-23 12:00:02,b,2\n",
                                 true),
                        "2026-11-23T12:00:01Z|bytes{user=\"a\"}=1;"
                        "2026-11-23T12:00:02Z|bytes{user=\"b\"}=2;");
    assert_string_equal(read_all("hello\n", true), "a log");
}

static void without_memory_it_is_no_table_and_nothing_is_left(void **state)
{
    (void)state;
    Str text = STR("a,b\n1,2\n3,4\n");
    for (uint64_t bytes = 1;; bytes += 8) {
        Mem mem = {.bytes_max = bytes};
        Sheet sheet;
        bool is_one = sheet_learn(text, time_frame(NOW, 0), false, &mem, &sheet);
        if (is_one)
            sheet_close(&sheet, &mem);
        assert_int_equal(mem.bytes, 0);
        if (is_one)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_of_numbers_is_a_series),
        cmocka_unit_test(each_column_is_a_series_and_the_time_is_none),
        cmocka_unit_test(time_comes_in_many_spellings),
        cmocka_unit_test(a_date_and_its_clock_may_stand_in_two_columns),
        cmocka_unit_test(months_are_times_and_a_clock_alone_is_none),
        cmocka_unit_test(a_table_may_have_ten_thousand_columns),
        cmocka_unit_test(whether_the_day_comes_first_is_told_by_the_rows),
        cmocka_unit_test(an_index_is_no_series),
        cmocka_unit_test(seconds_since_1970_need_a_name_or_the_first_place),
        cmocka_unit_test(labels_tell_series_apart),
        cmocka_unit_test(what_is_no_number_is_missing_infinite_or_bad),
        cmocka_unit_test(names_are_kept_apart),
        cmocka_unit_test(rows_that_do_not_fit_are_read_as_far_as_they_go),
        cmocka_unit_test(a_log_stays_a_log),
        cmocka_unit_test(what_is_forced_is_read_as_a_table),
        cmocka_unit_test(without_memory_it_is_no_table_and_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
