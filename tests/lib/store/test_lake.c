/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/rng.h"
#include "base/time.h"
#include "made.h"

#define DAY (S_PER_DAY * NS_PER_S)
#define NOON (20780 * DAY + DAY / 2) /* 2026-11-23 */

static char said[1 << 20];
#define ASK(lake, sql) made_answer(lake, sql, said, sizeof said)

static void hot_rows_and_files_are_one_table(void **state)
{
    (void)state;
    Made made = made_open();
    made_template(&made);
    made_line(&made, NOON, "app", 1, "ann", "10.0.0.1", 7);
    made_line(&made, NOON + 1000, "app", 2, "bob", "10.0.0.2", 7);
    made_sample(&made, NOON, "up", 1.5, 7);
    odd_lake *lake = made_lake(&made);
    assert_non_null(lake);
    const char *files = NULL;
    int rc = (int)odd_lake_write(lake, 7, &files);
    if (rc != ODD_OK)
        fail_msg("%s", odd_lake_errmsg(lake));
    assert_string_equal(files, "logs/day=2026-11-23/000000000007-000000000007.parquet\n"
                               "samples/day=2026-11-23/000000000007-000000000007.parquet\n"
                               "templates/000000000007-000000000007.parquet\n");
    odd_lake_close(lake);
    made_line(&made, NOON + 2000, "app", 3, "eve", "10.0.0.3", 8);
    made_template(&made);
    lake = made_lake(&made);
    assert_string_equal(ASK(lake, "SELECT seq, text, pattern, level FROM logs ORDER BY seq"),
                        "1|INFO user ann came from 10.0.0.1|abcdef012345678a|info\n"
                        "2|INFO user bob came from 10.0.0.2|abcdef012345678a|info\n"
                        "3|INFO user eve came from 10.0.0.3|abcdef012345678a|info\n");
    assert_string_equal(ASK(lake, "SELECT time, series, value FROM samples"),
                        "2026-11-23T12:00:00.000000Z|up|1.5\n");
    assert_string_equal(ASK(lake, "SELECT expected, lower, upper, surprise, class FROM samples"),
                        "2.5|0.5|4.5|1.5|gauge\n");
    assert_string_equal(ASK(lake, "SELECT count(*) FROM logs"), "3\n");
    odd_lake_close(lake);
    made_close(&made);
}

static void write_all(Made *made, uint64_t position)
{
    odd_lake *lake = made_lake(made);
    assert_non_null(lake);
    const char *files;
    odd_rc rc = odd_lake_write(lake, position, &files);
    if (rc != ODD_OK)
        fail_msg("%s", odd_lake_errmsg(lake));
    odd_lake_close(lake);
}

static void a_lake_that_is_not_there_yet_is_empty(void **state)
{
    (void)state;
    Made made = made_open();
    odd_lake *lake = made_lake(&made);
    static const char *const views[] = {"logs",     "samples",   "patterns",
                                        "findings", "incidents", "sources"};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", views[i]);
        assert_string_equal(ASK(lake, sql), "0\n");
    }
    assert_string_equal(ASK(lake, "SELECT max(time), sum(value) FROM samples"), "NULL|NULL\n");
    odd_lake_close(lake);
    made_close(&made);
}

static void every_type_of_an_answer_has_its_form(void **state)
{
    (void)state;
    Made made = made_open();
    odd_lake *lake = made_lake(&made);
    assert_string_equal(
        ASK(lake, "SELECT true, 7, sum(x), 1.5, 1.25::DECIMAL(5,2), TIMESTAMP '2026-11-23 12:00:00'"
                  ", DATE '2026-11-23', [1, 2], {'a': 'b'}, NULL, 'text', '\\xFFa'::BLOB, "
                  "100000000000000000000::HUGEINT, 'infinity'::TIMESTAMP "
                  "FROM (VALUES (1), (2)) v(x); -- behind it"),
        "true|7|3|1.5|1.25|2026-11-23T12:00:00.000000Z|2026-11-23|[1, 2]|{'a': b}|NULL|text|"
        "\\xffa|1e+20|NULL\n");
    odd_lake_close(lake);
    made_close(&made);
}

#define LINE_COUNT 3000

typedef struct {
    char   bytes[LINE_COUNT][64];
    size_t sizes[LINE_COUNT];
    size_t next;
    bool   all_equal;
} Lines;

static int compare_line(void *context, const char *line, size_t size)
{
    Lines *lines = context;
    size_t i = lines->next++;
    if (i >= LINE_COUNT || size != lines->sizes[i] || memcmp(line, lines->bytes[i], size) != 0)
        lines->all_equal = false;
    return 1;
}

static void lines_of_any_bytes_come_back_exactly(void **state)
{
    (void)state;
    static Lines lines;
    Rng rng = rng_seeded(20261123);
    Made made = made_open();
    for (int64_t i = 0; i < LINE_COUNT; i++) {
        lines.sizes[i] = rng_below(&rng, sizeof lines.bytes[i]);
        for (size_t at = 0; at < lines.sizes[i]; at++)
            lines.bytes[i][at] = (char)rng_below(&rng, 256);
        made_raw(&made, NOON + i * 1000, "any", i + 1,
                 (Str){.text = lines.bytes[i], .size = lines.sizes[i]});
        if (i == LINE_COUNT / 2)
            write_all(&made, 1);
    }
    odd_lake *lake = made_lake(&made);
    lines.all_equal = true;
    assert_int_equal(odd_lake_cat(lake, "any", ODD_TIME_NONE, ODD_TIME_NONE, compare_line, &lines),
                     ODD_OK);
    assert_int_equal(lines.next, LINE_COUNT);
    assert_true(lines.all_equal);
    assert_string_equal(ASK(lake, "SELECT count(text) FROM logs"), "3000\n");
    odd_lake_close(lake);
    made_close(&made);
}

static int count_line(void *context, const char *line, size_t size)
{
    (void)line;
    (void)size;
    ++*(int *)context;
    return 1;
}

static void cat_gives_a_span_of_time_and_one_source(void **state)
{
    (void)state;
    Made made = made_open();
    made_template(&made);
    for (int64_t i = 0; i < 100; i++) {
        made_line(&made, NOON + i * NS_PER_S, "it's", i + 1, "ann", "here", 1);
        made_line(&made, NOON + i * NS_PER_S, "other", i + 1, "bob", "there", 1);
    }
    odd_lake *lake = made_lake(&made);
    int count = 0;
    assert_int_equal(
        odd_lake_cat(lake, "it's", NOON + 10 * NS_PER_S, NOON + 20 * NS_PER_S, count_line, &count),
        ODD_OK);
    assert_int_equal(count, 10);
    odd_lake_close(lake);
    made_close(&made);
}

static void a_line_whose_template_is_lost_is_told(void **state)
{
    (void)state;
    Made made = made_open();
    made_line(&made, NOON, "app", 1, "ann", "here", 1);
    odd_lake *lake = made_lake(&made);
    int count = 0;
    assert_int_equal(odd_lake_cat(lake, "app", ODD_TIME_NONE, ODD_TIME_NONE, count_line, &count),
                     ODD_CORRUPT);
    assert_string_equal(odd_lake_errmsg(lake),
                        "1 lines could not be put together: their templates are missing");
    odd_lake_close(lake);
    made_close(&made);
}

/* Who writes has lost what was learnt, and knows only what came since. */
static void lines_keep_their_templates_though_the_writer_has_forgotten_them(void **state)
{
    (void)state;
    Made made = made_open();
    const char *files;
    made_template(&made);
    made_line(&made, NOON, "app", 1, "ann", "here", 1);
    odd_lake *lake = made_lake(&made);
    assert_int_equal(odd_lake_write(lake, 1, &files), ODD_OK);
    odd_lake_close(lake);
    for (int64_t commit = 2; commit <= 4; commit++) {
        made_other_template(&made);
        if (commit == 3)
            made_template(&made); /* It came again. */
        made_raw(&made, NOON, "app", commit, STR("raw"));
        lake =
            made_lake(&made); /* Asked while the new ones are hot, and when they are in a file. */
        assert_string_equal(ASK(lake, "SELECT text FROM logs WHERE seq = 1"),
                            "INFO user ann came from here\n");
        odd_lake_close(lake);
        made_other_template(&made);
        made_raw(&made, NOON, "app", commit, STR("raw"));
        lake = made_lake(&made);
        assert_int_equal(odd_lake_write(lake, (uint64_t)commit, &files), ODD_OK);
        odd_lake_close(lake);
        lake = made_lake(&made);
        assert_string_equal(ASK(lake, "SELECT text FROM logs WHERE seq = 1"),
                            "INFO user ann came from here\n");
        assert_string_equal(ASK(lake, "SELECT count(*), count(DISTINCT template) FROM "
                                      "stored_templates"),
                            "2|2\n");
        odd_lake_close(lake);
    }
    made_close(&made);
}

static void only_one_statement_that_reads_is_answered(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "COPY (SELECT 1) TO '/tmp/oddball-copied'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/oddball-copied'",
        "explain /* so */ (analyze) copy (select 1) to '/tmp/oddball-copied'",
        "EXPLAIN ANALYZE EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/oddball-copied'",
        "ATTACH '/tmp/oddball-attached'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM read_parquet('https://example.com/a.parquet')",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA memory_limit = '10GB'",
        "SET memory_limit = '10GB'",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP VIEW logs",
        "DROP VIEW logs",
        "CREATE TABLE t (a INT)",
        "CREATE OR REPLACE VIEW logs AS SELECT 1",
        "CALL pragma_version()",
        "EXPORT DATABASE '/tmp/oddball-exported'",
        "PREPARE p AS SELECT 1",
        "SELECT * FROM query('DROP VIEW logs')",
        "SELECT ?",
        "SELECT 1) UNION (SELECT 2",
        "",
        ";",
    };
    Made made = made_open();
    odd_lake *lake = made_lake(&made);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        odd_rows *rows = NULL;
        odd_rc rc = odd_lake_query(lake, refused[i], &rows);
        if (rc == ODD_OK || rc == ODD_FULL)
            fail_msg("%s was answered", refused[i]);
        assert_true(odd_lake_errmsg(lake)[0] != '\0');
    }
    assert_string_equal(ASK(lake, "SELECT count(*) FROM logs"), "0\n");
    assert_int_equal(access("/tmp/oddball-copied", F_OK), -1);
    static const char *const answered[] = {
        "DESCRIBE logs",     "SUMMARIZE samples", "SHOW TABLES",       "EXPLAIN SELECT 1",
        "VALUES (1)",        "FROM logs",         "WITH a AS (SELECT 1) SELECT * FROM a",
        "EXPLAIN ANALYZE SELECT 1",
    };
    for (size_t i = 0; i < sizeof answered / sizeof *answered; i++) {
        odd_rows *rows = NULL;
        if (odd_lake_query(lake, answered[i], &rows) != ODD_OK)
            fail_msg("%s: %s", answered[i], odd_lake_errmsg(lake));
        odd_rows_close(rows);
    }
    odd_lake_close(lake);
    made_close(&made);
}

static void an_answer_is_cut_at_its_limit_and_says_so(void **state)
{
    (void)state;
    Made made = made_open();
    odd_lake *lake = made_lake_with(&made, &(odd_lake_options){.row_count_max = 5});
    odd_rows *rows = NULL;
    assert_int_equal(odd_lake_query(lake, "SELECT * FROM range(1000000000000)", &rows), ODD_FULL);
    int count = 0;
    while (odd_next(rows) == ODD_ROW)
        count++;
    assert_int_equal(count, 5);
    odd_rows_close(rows);
    assert_int_equal(odd_lake_query(lake, "SELECT * FROM range(5)", &rows), ODD_OK);
    odd_rows_close(rows);
    odd_lake_close(lake);
    made_close(&made);
}

static void a_question_that_needs_too_much_memory_is_refused(void **state)
{
    (void)state;
    Made made = made_open();
    odd_lake *lake = made_lake_with(&made, &(odd_lake_options){.memory_bytes_max = 64 << 20});
    assert_string_equal(ASK(lake, "SELECT count(*) FROM (SELECT DISTINCT hash(x) FROM "
                                  "range(100000000) t(x))"),
                        "it needs more memory than a question may have: ask for less at once, or "
                        "raise the limit");
    assert_string_equal(ASK(lake, "SELECT 1"), "1\n");
    odd_lake_close(lake);
    made_close(&made);
}

static void rows_of_many_days_lie_in_the_folders_of_their_days(void **state)
{
    (void)state;
    Made made = made_open();
    made_template(&made);
    for (int64_t day = -2; day < 3; day++)
        made_line(&made, day * DAY + 5, "app", day + 3, "ann", "here", 4);
    made_raw(&made, ODD_TIME_NONE, "app", 6, STR("no time"));
    made_raw(&made, INT64_MAX, "app", 7, STR("the end of time"));
    made_raw(&made, INT64_MIN + 1, "app", 8, STR("its beginning"));
    odd_lake *lake = made_lake(&made);
    const char *files;
    assert_int_equal(odd_lake_write(lake, 4, &files), ODD_OK);
    assert_non_null(strstr(files, "logs/day=1969-12-30/"));
    assert_non_null(strstr(files, "logs/day=1969-12-31/"));
    assert_non_null(strstr(files, "logs/day=1970-01-01/"));
    assert_non_null(strstr(files, "logs/day=2262-04-11/"));
    assert_non_null(strstr(files, "logs/day=1677-09-21/"));
    assert_string_equal(ASK(lake, "SELECT count(*), count(DISTINCT seq) FROM logs"), "8|8\n");
    odd_lake_close(lake);
    made_close(&made);
}

static void more_days_than_files_lose_no_row(void **state)
{
    (void)state;
    Made made = made_open();
    for (int64_t day = 0; day < 400; day++)
        made_sample(&made, day * DAY, "up", (double)day, 1);
    odd_lake *lake = made_lake(&made);
    const char *files;
    assert_int_equal(odd_lake_write(lake, 1, &files), ODD_OK);
    size_t count = 0;
    for (const char *at = files; (at = strchr(at, '\n')) != NULL; at++)
        count++;
    assert_int_equal(count, 366);
    assert_string_equal(ASK(lake, "SELECT count(*), sum(value) FROM samples"), "400|79800\n");
    odd_lake_close(lake);
    made_close(&made);
}

static void hot_rows_may_come_in_two_files(void **state)
{
    (void)state;
    Made made = made_open();
    made_template(&made);
    made_line(&made, NOON, "app", 1, "ann", "10.0.0.1", 7);
    odd_lake *lake = made_lake(&made);
    made_line(&made, NOON + DAY, "app", 2, "bob", "10.0.0.2", 8);
    made_line(&made, NOON, "app", 3, "eve", "10.0.0.3", 8);
    made_sample(&made, NOON, "up", 1.5, 8);
    made_hot(&made, lake);
    assert_int_equal(odd_lake_hot(lake, ODD_TABLE_LOGS, made.file), ODD_MISUSE);
    assert_non_null(strstr(odd_lake_errmsg(lake), "hot rows of logs come in 2 files at most"));
    const char *files;
    assert_int_equal(odd_lake_write(lake, 8, &files), ODD_OK);
    assert_string_equal(ASK(lake, "SELECT seq FROM logs WHERE time < '2026-11-24' ORDER BY seq"),
                        "1\n3\n");
    assert_string_equal(ASK(lake, "SELECT count(*) FROM logs"), "3\n");
    assert_string_equal(ASK(lake, "SELECT count(*) FROM samples"), "1\n");
    odd_lake_close(lake);
    for (int i = 0; i < 5000; i++)
        made_sample(&made, NOON, "up", i, 9);
    lake = made_lake(&made);
    for (int i = 5000; i < 10000; i++)
        made_sample(&made, NOON, "up", i, 10);
    made_hot(&made, lake);
    assert_string_equal(ASK(lake, "SELECT count(*), sum(value) FROM samples WHERE value <> 1.5"),
                        "10000|4.9995e+07\n");
    odd_lake_close(lake);
    made_close(&made);
}

static void hot_rows_come_before_the_first_question(void **state)
{
    (void)state;
    Made made = made_open();
    odd_lake *lake = made_lake(&made);
    assert_string_equal(ASK(lake, "SELECT 1"), "1\n");
    assert_int_equal(odd_lake_hot(lake, ODD_TABLE_LOGS, "/dev/null"), ODD_MISUSE);
    const char *files;
    assert_int_equal(odd_lake_write(lake, 1, &files), ODD_MISUSE);
    odd_lake_close(lake);
    made_close(&made);
}

static void a_library_that_is_none_is_told(void **state)
{
    (void)state;
    char problem[512];
    odd_lake *lake;
    odd_lake_options options = {.path = "/tmp/oddball-nothing", .library = "/nothing/there.so"};
    if (odd_lake_open(&options, &lake, problem, sizeof problem) == ODD_OK)
        odd_lake_close(lake); /* One is loaded in this process, and stays. */
    else
        assert_non_null(strstr(problem, "DuckDB cannot be loaded"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_library_that_is_none_is_told),
        cmocka_unit_test(hot_rows_and_files_are_one_table),
        cmocka_unit_test(a_lake_that_is_not_there_yet_is_empty),
        cmocka_unit_test(every_type_of_an_answer_has_its_form),
        cmocka_unit_test(lines_of_any_bytes_come_back_exactly),
        cmocka_unit_test(cat_gives_a_span_of_time_and_one_source),
        cmocka_unit_test(a_line_whose_template_is_lost_is_told),
        cmocka_unit_test(lines_keep_their_templates_though_the_writer_has_forgotten_them),
        cmocka_unit_test(only_one_statement_that_reads_is_answered),
        cmocka_unit_test(an_answer_is_cut_at_its_limit_and_says_so),
        cmocka_unit_test(a_question_that_needs_too_much_memory_is_refused),
        cmocka_unit_test(rows_of_many_days_lie_in_the_folders_of_their_days),
        cmocka_unit_test(more_days_than_files_lose_no_row),
        cmocka_unit_test(hot_rows_may_come_in_two_files),
        cmocka_unit_test(hot_rows_come_before_the_first_question),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
