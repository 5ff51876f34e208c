/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "source/rotation.h"

static void assert_rotation(const char *path, const char *live, RotationKind kind, uint64_t number)
{
    char     got[LOG_PATH_SIZE];
    Rotation rotation = rotation_of(path, got);
    assert_string_equal(got, live);
    assert_int_equal(rotation.kind, kind);
    assert_int_equal(rotation.number, number);
}

static void the_names_that_logrotate_gives_lead_back_to_the_live_log(void **state)
{
    (void)state;
    assert_rotation("/var/log/syslog", "/var/log/syslog", ROTATION_LIVE, 0);
    assert_rotation("/var/log/syslog.1", "/var/log/syslog", ROTATION_NUMBERED, 1);
    assert_rotation("/var/log/syslog.12.gz", "/var/log/syslog", ROTATION_NUMBERED, 12);
    assert_rotation("/l/app.log-20261127", "/l/app.log", ROTATION_DATED, 20261127000000);
    assert_rotation("/l/app.log-20261127.gz", "/l/app.log", ROTATION_DATED, 20261127000000);
    assert_rotation("/l/app.log-20261127-1805", "/l/app.log", ROTATION_DATED, 20261127180500);
    assert_rotation("/l/app.log.old", "/l/app.log", ROTATION_OLD, 0);
    assert_rotation("/l/app.log.zst", "/l/app.log", ROTATION_OLD, 0);
}

static void dates_within_a_name_are_seen(void **state)
{
    (void)state;
    assert_rotation("/l/app-2026-11-27.log", "/l/app.log", ROTATION_DATED, 20261127000000);
    assert_rotation("/l/app.2026-11-27.log.gz", "/l/app.log", ROTATION_DATED, 20261127000000);
    assert_rotation("/l/app.log.2026-11-27_23", "/l/app.log", ROTATION_DATED, 20261127230000);
    assert_rotation("/l/postgresql-2026-11-27_101500.log", "/l/postgresql.log", ROTATION_DATED,
                    20261127101500);
}

static void what_is_no_rotation_is_left_alone(void **state)
{
    (void)state;
    static const char *const names[] = {"/l/Xorg.0.log",  "/l/app-2026.log", "/l/v1.2.x.log",
                                        "/l/20261127.log", "/l/id-99991399.log", "/l/12",
                                        "/l.1/app.log",   "/l/node-12345678"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_rotation(names[i], names[i], ROTATION_LIVE, 0);
}

static void older_logs_come_first(void **state)
{
    (void)state;
    static const char *const names[] = {"a.log-20261125.gz", "a.log-20261126", "a.log.3.gz",
                                        "a.log.2.gz",        "a.log.2",        "a.log.1",
                                        "a.log.old",         "a.log"};
    char live[LOG_PATH_SIZE];
    for (size_t i = 0; i + 1 < sizeof names / sizeof names[0]; i++) {
        Rotation older = rotation_of(names[i], live), newer = rotation_of(names[i + 1], live);
        assert_true(rotation_compare(older, newer) < 0);
        assert_true(rotation_compare(newer, older) > 0);
        assert_int_equal(rotation_compare(older, older), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_names_that_logrotate_gives_lead_back_to_the_live_log),
        cmocka_unit_test(dates_within_a_name_are_seen),
        cmocka_unit_test(what_is_no_rotation_is_left_alone),
        cmocka_unit_test(older_logs_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
