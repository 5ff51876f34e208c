/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "event/target.h"

static void assert_target(const char *series, const char *expected)
{
    char buffer[TARGET_TEXT_SIZE];
    size_t size = target_text(str_of(series), buffer);
    assert_string_equal(buffer, expected);
    assert_int_equal(size, strlen(expected));
}

static void labels_that_say_where_are_the_target(void **state)
{
    (void)state;
    assert_target("node_load1{instance=\"10.0.0.7:9100\",job=\"node\"}",
                  "instance 10.0.0.7:9100, job node");
    assert_target("node_cpu_seconds_total{cpu=\"3\",instance=\"a\",mode=\"idle\"}", "instance a");
    assert_target("{\"system.cpu.time\",\"host.name\"=\"web-1\",state=\"user\"}",
                  "host.name web-1");
}

static void a_series_without_them_has_none(void **state)
{
    (void)state;
    assert_target("load1", "");
    assert_target("node_disk_io_now{device=\"sda\"}", "");
}

static void a_long_one_is_cut(void **state)
{
    (void)state;
    char series[1024] = "a{host=\"", buffer[TARGET_TEXT_SIZE];
    size_t size = strlen(series);
    memset(series + size, 'x', 600);
    memcpy(series + size + 600, "\"}", 3);
    assert_int_equal(target_text(str_of(series), buffer), TARGET_TEXT_SIZE - 1);
    assert_int_equal(strlen(buffer), TARGET_TEXT_SIZE - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_that_say_where_are_the_target),
        cmocka_unit_test(a_series_without_them_has_none),
        cmocka_unit_test(a_long_one_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
