/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdlib.h>

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
    made_sample(&made, NOON, "up", 1.5);
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
    assert_string_equal(ASK(lake, "SELECT count(*) FROM logs"), "3\n");
    odd_lake_close(lake);
    made_close(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hot_rows_and_files_are_one_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
