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

#include "base/time.h"
#include "made.h"

#define DAY (S_PER_DAY * NS_PER_S)
#define NOON (20780 * DAY + DAY / 2) /* 2026-11-23 */

static char said[1 << 16];
#define ASK(lake, sql) made_answer(lake, sql, said, sizeof said)
#define ALL_ROWS "SELECT count(*), count(DISTINCT seq), sum(seq) FROM logs"

/* `count` lines a commit; the lines of all commits are numbered on. */
static void write_commit(Made *made, int64_t commit, int64_t count, odd_time day)
{
    made_template(made);
    for (int64_t i = 0; i < count; i++) {
        int64_t seq = (commit - 1) * count + i + 1;
        made_line(made, day + seq * 1000, "app", seq, "ann", "here", commit);
    }
    made_sample(made, day + commit * 1000, "up", (double)commit, commit);
    odd_lake *lake = made_lake(made);
    assert_non_null(lake);
    const char *files;
    odd_rc rc = odd_lake_write(lake, (uint64_t)commit, &files);
    if (rc != ODD_OK)
        fail_msg("%s", odd_lake_errmsg(lake));
    odd_lake_close(lake);
}

static char told[1 << 16];

static const char *tidy(Made *made, uint64_t position, odd_time now, odd_time oldest,
                        uint64_t bytes_max)
{
    odd_lake *lake = made_lake(made);
    const char *sentences;
    odd_rc rc = odd_lake_tidy(lake, position, now, oldest, bytes_max, &sentences);
    if (rc != ODD_OK)
        fail_msg("%s", odd_lake_errmsg(lake));
    snprintf(told, sizeof told, "%s", sentences);
    odd_lake_close(lake);
    return told;
}

static void assert_answer(Made *made, const char *sql, const char *expected)
{
    odd_lake *lake = made_lake(made);
    assert_string_equal(ASK(lake, sql), expected);
    odd_lake_close(lake);
}

static size_t count_files(const Made *made)
{
    char command[256], text[32] = "";
    snprintf(command, sizeof command, "find %s/lake -name '*.parquet' | wc -l", made->folder);
    FILE *pipe = popen(command, "r");
    char *line = fgets(text, sizeof text, pipe);
    pclose(pipe);
    return line != NULL ? strtoul(text, NULL, 10) : 0;
}

static void damage(const Made *made, const char *name, long at)
{
    char path[256];
    snprintf(path, sizeof path, "%s/lake/%s", made->folder, name);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, at, at < 0 ? SEEK_END : SEEK_SET);
    int byte = fgetc(file);
    fseek(file, -1, SEEK_CUR);
    fputc(byte ^ 0x55, file);
    fclose(file);
}

static void files_of_a_day_that_is_over_become_one_and_keep_their_rows(void **state)
{
    (void)state;
    Made made = made_open();
    for (int64_t commit = 1; commit <= 5; commit++)
        write_commit(&made, commit, 100, NOON);
    assert_int_equal(count_files(&made), 11);
    tidy(&made, 5, NOON + 2 * DAY, 0, 0);
    assert_non_null(strstr(told, "logs/day=2026-11-23/000000000001-000000000005.parquet was made"));
    assert_int_equal(count_files(&made), 3);
    assert_answer(&made, ALL_ROWS, "500|500|125250\n");
    assert_answer(&made, "SELECT count(*), sum(value) FROM samples", "5|15\n");
    assert_answer(&made, "SELECT text FROM logs WHERE seq = 321", "INFO user ann came from here\n");
    assert_string_equal(tidy(&made, 5, NOON + 2 * DAY, 0, 0), "");
    made_close(&made);
}

static void a_day_that_goes_on_is_merged_when_it_pays(void **state)
{
    (void)state;
    Made made = made_open();
    for (int64_t commit = 1; commit <= 7; commit++)
        write_commit(&made, commit, 10, NOON);
    assert_string_equal(tidy(&made, 7, NOON + 3600 * NS_PER_S, 0, 0), "");
    write_commit(&made, 8, 10, NOON);
    tidy(&made, 8, NOON + 3600 * NS_PER_S, 0, 0);
    assert_non_null(strstr(told, "000000000001-000000000008.parquet"));
    assert_answer(&made, ALL_ROWS, "80|80|3240\n");
    made_close(&made);
}

static void files_behind_the_checkpoint_are_not_merged(void **state)
{
    (void)state;
    Made made = made_open();
    for (int64_t commit = 1; commit <= 4; commit++)
        write_commit(&made, commit, 10, NOON);
    tidy(&made, 3, NOON + 2 * DAY, 0, 0);
    assert_non_null(strstr(told, "logs/day=2026-11-23/000000000001-000000000003.parquet"));
    assert_answer(&made, ALL_ROWS, "40|40|820\n");
    made_close(&made);
}

static void old_days_go_and_the_rest_stays(void **state)
{
    (void)state;
    Made made = made_open();
    for (int64_t commit = 1; commit <= 4; commit++)
        write_commit(&made, commit, 10, NOON + commit * DAY);
    tidy(&made, 4, NOON + 5 * DAY, NOON + 3 * DAY, 0);
    assert_non_null(strstr(told, "the day 2026-11-24 was removed: 2 files"));
    assert_non_null(strstr(told, "the day 2026-11-25 was removed: 2 files"));
    assert_answer(&made, "SELECT min(seq), count(*) FROM logs", "21|20\n");
    char path[160];
    snprintf(path, sizeof path, "%s/lake/logs/day=2026-11-24", made.folder);
    assert_int_equal(access(path, F_OK), -1);
    made_close(&made);
}

static void the_oldest_days_beyond_the_size_go_but_never_the_newest(void **state)
{
    (void)state;
    Made made = made_open();
    for (int64_t commit = 1; commit <= 3; commit++)
        write_commit(&made, commit, 10, NOON + commit * DAY);
    tidy(&made, 3, NOON + 3 * DAY, 0, 1);
    assert_answer(&made, "SELECT min(seq), count(*) FROM logs", "21|10\n");
    made_close(&made);
}

static void going_back_drops_what_a_checkpoint_does_not_know(void **state)
{
    (void)state;
    Made made = made_open();
    for (int64_t commit = 1; commit <= 4; commit++)
        write_commit(&made, commit, 10, NOON);
    odd_lake *lake = made_lake(&made);
    assert_int_equal(odd_lake_back_to(lake, 3), ODD_OK);
    assert_string_equal(ASK(lake, ALL_ROWS), "30|30|465\n");
    odd_lake_close(lake);
    write_commit(&made, 4, 10, NOON); /* As the journal gives it again. */
    assert_answer(&made, ALL_ROWS, "40|40|820\n");
    made_close(&made);
}

static void going_back_into_a_merged_file_keeps_its_older_rows(void **state)
{
    (void)state;
    Made made = made_open();
    for (int64_t commit = 1; commit <= 4; commit++)
        write_commit(&made, commit, 10, NOON);
    tidy(&made, 4, NOON + 2 * DAY, 0, 0);
    odd_lake *lake = made_lake(&made);
    assert_int_equal(odd_lake_back_to(lake, 2), ODD_OK);
    assert_string_equal(ASK(lake, ALL_ROWS), "20|20|210\n");
    assert_string_equal(ASK(lake, "SELECT count(*) FROM samples"), "2\n");
    odd_lake_close(lake);
    made_close(&made);
}

static void going_back_to_nothing_empties_the_lake(void **state)
{
    (void)state;
    Made made = made_open();
    write_commit(&made, 1, 10, NOON);
    odd_lake *lake = made_lake(&made);
    assert_int_equal(odd_lake_back_to(lake, 0), ODD_OK);
    assert_string_equal(ASK(lake, ALL_ROWS), "0|0|NULL\n");
    odd_lake_close(lake);
    made_close(&made);
}

static void what_was_being_written_when_the_process_ended_is_swept(void **state)
{
    (void)state;
    Made made = made_open();
    write_commit(&made, 1, 10, NOON);
    char command[512];
    snprintf(command, sizeof command,
             "cd %s/lake/logs/day=2026-11-23 && cp *.parquet 000000000001-000000000009.parquet && "
             "touch a.parquet.tmp",
             made.folder);
    assert_int_equal(system(command), 0);
    assert_answer(&made, ALL_ROWS, "10|10|55\n"); /* Not in the list: not in an answer. */
    odd_lake *lake = made_lake(&made);
    assert_int_equal(odd_lake_back_to(lake, 1), ODD_OK);
    odd_lake_close(lake);
    assert_int_equal(count_files(&made), 3);
    made_close(&made);
}

/* After a merge that was not cleaned up, the names tell which rows are twice in the folder. */
static void a_lost_list_is_made_again_and_doubles_no_row(void **state)
{
    (void)state;
    static const char *const losses[] = {"rm manifest", "echo nonsense > manifest",
                                         "sed -i 's/live/lame/' manifest"};
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        Made made = made_open();
        for (int64_t commit = 1; commit <= 3; commit++)
            write_commit(&made, commit, 10, NOON);
        char command[512];
        snprintf(command, sizeof command, "cp -r %s/lake %s/before", made.folder, made.folder);
        assert_int_equal(system(command), 0);
        tidy(&made, 3, NOON + 2 * DAY, 0, 0);
        snprintf(command, sizeof command, "cd %s && cp -r before/logs lake/ && cd lake && %s",
                 made.folder, losses[i]);
        assert_int_equal(system(command), 0);
        assert_answer(&made, ALL_ROWS, "30|30|465\n");
        made_close(&made);
    }
}

static void a_damaged_file_is_left_out_and_told(void **state)
{
    (void)state;
    static const long places[] = {-4, -20, 20};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        Made made = made_open();
        for (int64_t commit = 1; commit <= 3; commit++)
            write_commit(&made, commit, 10, NOON);
        const char *name = "logs/day=2026-11-23/000000000002-000000000002.parquet";
        damage(&made, name, places[i]);
        tidy(&made, 3, NOON, 0, 0);
        assert_non_null(strstr(told, "is damaged: its 10 rows are left out of all answers"));
        odd_lake *lake = made_lake(&made);
        assert_string_equal(ASK(lake, ALL_ROWS), "20|20|310\n");
        assert_non_null(strstr(odd_lake_errmsg(lake), name));
        odd_lake_close(lake);
        made_close(&made);
    }
}

static void a_question_that_meets_damage_is_answered_without_it(void **state)
{
    (void)state;
    Made made = made_open();
    for (int64_t commit = 1; commit <= 3; commit++)
        write_commit(&made, commit, 10, NOON);
    damage(&made, "logs/day=2026-11-23/000000000001-000000000001.parquet", -4);
    damage(&made, "logs/day=2026-11-23/000000000003-000000000003.parquet", -12);
    odd_lake *lake = made_lake(&made);
    assert_string_equal(ASK(lake, ALL_ROWS), "10|10|155\n");
    assert_non_null(strstr(odd_lake_errmsg(lake), "damaged, and left out of this answer: "));
    odd_lake_close(lake);
    char command[160];
    snprintf(command, sizeof command, "rm %s/lake/logs/*/000000000002-*", made.folder);
    assert_int_equal(system(command), 0);
    assert_answer(&made, ALL_ROWS, "0|0|NULL\n");
    made_close(&made);
}

static void rows_behind_the_hot_ones_are_not_seen_twice(void **state)
{
    (void)state;
    Made made = made_open();
    write_commit(&made, 1, 10, NOON);
    write_commit(&made, 2, 10, NOON);
    odd_lake *lake = made_lake_with(&made, &(odd_lake_options){.position_given = 1, .position = 1});
    assert_string_equal(ASK(lake, ALL_ROWS), "10|10|55\n");
    odd_lake_close(lake);
    tidy(&made, 2, NOON + 2 * DAY, 0, 0);
    lake = made_lake_with(&made, &(odd_lake_options){.position_given = 1, .position = 1});
    odd_rows *rows;
    assert_int_equal(odd_lake_query(lake, "SELECT 1", &rows), ODD_BUSY);
    odd_lake_close(lake);
    made_close(&made);
}

/* Views are of the files as they were at the first question. */
static void files_that_are_replaced_under_a_question_are_asked_again(void **state)
{
    (void)state;
    Made made = made_open();
    for (int64_t commit = 1; commit <= 3; commit++)
        write_commit(&made, commit, 10, NOON);
    odd_lake_options at_2 = {.position_given = 1, .position = 2};
    odd_lake_options at_3 = {.position_given = 1, .position = 3};
    odd_lake *older = made_lake_with(&made, &at_2), *newer = made_lake_with(&made, &at_3);
    assert_string_equal(ASK(older, ALL_ROWS), "20|20|210\n");
    assert_string_equal(ASK(newer, ALL_ROWS), "30|30|465\n");
    write_commit(&made, 4, 10, NOON);
    tidy(&made, 3, NOON + 2 * DAY, 0, 0);
    assert_string_equal(ASK(newer, ALL_ROWS), "30|30|465\n");
    odd_rows *rows;
    assert_int_equal(odd_lake_query(older, ALL_ROWS, &rows), ODD_BUSY);
    odd_lake_close(older);
    odd_lake_close(newer);
    made_close(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_a_day_that_is_over_become_one_and_keep_their_rows),
        cmocka_unit_test(a_day_that_goes_on_is_merged_when_it_pays),
        cmocka_unit_test(files_behind_the_checkpoint_are_not_merged),
        cmocka_unit_test(old_days_go_and_the_rest_stays),
        cmocka_unit_test(the_oldest_days_beyond_the_size_go_but_never_the_newest),
        cmocka_unit_test(going_back_drops_what_a_checkpoint_does_not_know),
        cmocka_unit_test(going_back_into_a_merged_file_keeps_its_older_rows),
        cmocka_unit_test(going_back_to_nothing_empties_the_lake),
        cmocka_unit_test(what_was_being_written_when_the_process_ended_is_swept),
        cmocka_unit_test(a_lost_list_is_made_again_and_doubles_no_row),
        cmocka_unit_test(a_damaged_file_is_left_out_and_told),
        cmocka_unit_test(a_question_that_meets_damage_is_answered_without_it),
        cmocka_unit_test(rows_behind_the_hot_ones_are_not_seen_twice),
        cmocka_unit_test(files_that_are_replaced_under_a_question_are_asked_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
