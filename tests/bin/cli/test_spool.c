/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/spool.h"

static void rows_come_back_as_they_went(void **state)
{
    (void)state;
    Spool spool;
    assert_true(spool_open(&spool));
    for (int i = 0; i < 5000; i++) {
        SpoolRow row = {.row = i, .time = ODD_TIME_NONE, .reference = i * 7, .surprise = i / 3.0};
        row.reason_size = (uint32_t)(i % (SPOOL_REASON_MAX + 1));
        memset(row.reason, 'a' + i % 26, row.reason_size);
        assert_true(spool_write(&spool, &row));
    }
    assert_true(spool_rewind(&spool));
    SpoolRow row;
    for (int i = 0; i < 5000; i++) {
        assert_true(spool_read(&spool, &row));
        assert_int_equal(row.row, i);
        assert_int_equal(row.time, ODD_TIME_NONE);
        assert_int_equal(row.reference, i * 7);
        assert_true(row.surprise >= i / 3.0 && row.surprise <= i / 3.0);
        assert_int_equal(row.reason_size, i % (SPOOL_REASON_MAX + 1));
        assert_true(row.reason_size == 0 || row.reason[row.reason_size - 1] == 'a' + i % 26);
    }
    assert_false(spool_read(&spool, &row));
    assert_int_equal(errno, 0);
    spool_close(&spool);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    const char *before = getenv("TMPDIR");
    char *kept = before ? strdup(before) : NULL;
    setenv("TMPDIR", "/nonexistent", 1);
    Spool spool = {0};
    assert_false(spool_open(&spool));
    assert_int_equal(errno, ENOENT);
    if (kept)
        setenv("TMPDIR", kept, 1);
    else
        unsetenv("TMPDIR");
    free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back_as_they_went),
        cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
